/** Moves an admitted patient to another bed, or into a first one. */
import { Checkbox } from "../../components/Checkbox";
import type { BedBoard, TransferArgs } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { BedPicker } from "./BedPicker";
import { MoveFrame } from "./MoveFrame";
import type { Moment } from "./moment";
import { useMove } from "./useMove";
import { When } from "./When";

export interface TransferDialogProps {
  board: BedBoard;
  as_of: number;
  encounter: string;
  name: string;
  /** The bed it is moved to, when already chosen by dragging. */
  to?: string | null;
  /** True when the patient lies in a bed that would be left. */
  isLeaving: boolean;
  onClose(): void;
}

interface Typed {
  bed: string | null;
  when: Moment | null;
  clean: boolean;
}

/** The dialog. */
export function TransferDialog(props: TransferDialogProps) {
  const t = useText();
  const { encounter, isLeaving } = props;
  const move = useMove<TransferArgs, Typed>({
    name: "transfer",
    about: () => props.name,
    draft: `move/transfer/${encounter}/${props.to ?? "any"}`,
    start: { bed: props.to ?? null, when: null, clean: true },
    as_of: props.as_of,
    wrong: ({ bed }) => (bed ? [] : [{ field: "bed_stay.bed", text: t("movement.bed.missing") }]),
    argsOf: ({ bed, clean }, at) => ({ encounter, bed: bed ?? "", at, clean: isLeaving && clean }),
    onClose: props.onClose,
  });
  return (
    <MoveFrame
      title={t(isLeaving ? "movement.transfer" : "movement.place")}
      about={props.name}
      move={move}
      confirm={t(isLeaving ? "movement.transfer.do" : "movement.place.do")}
      isComplete={Boolean(props.to)}
    >
      <BedPicker
        board={props.board}
        value={move.typed.bed}
        onChange={(bed) => move.type({ bed })}
        error={move.errorOf("bed_stay.bed")}
        autoFocus={!props.to}
      />
      <When {...move.when} />
      {isLeaving && (
        <Checkbox
          label={t("movement.clean")}
          value={move.typed.clean}
          onChange={(clean) => move.type({ clean })}
        />
      )}
    </MoveFrame>
  );
}
