/** Holds a bed for somebody, or blocks it with a reason. */
import { RadioGroup } from "../../components/RadioGroup";
import { Select } from "../../components/Select";
import { TextField } from "../../components/TextField";
import type { BedBoard, HoldArgs } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { MoveFrame } from "./MoveFrame";
import { useMove } from "./useMove";

/** How long a bed is held at most, in hours. */
const HOLD_HOURS = [2, 6, 12, 24] as const;
const HOUR_MS = 3_600_000;

export interface HoldDialogProps {
  board: BedBoard;
  as_of: number;
  bed: string;
  place: string;
  start: "held" | "cleaning" | "blocked";
  onClose(): void;
}

interface Typed {
  reason: string;
  note: string;
  encounter: string | null;
  hours: string;
  /** A bed is held from now on. */
  when?: null;
}

/** The dialog. */
export function HoldDialog({ board, as_of, bed, place, start, onClose }: HoldDialogProps) {
  const t = useText();
  const move = useMove<HoldArgs, Typed>({
    name: "hold",
    about: () => place,
    draft: `move/hold/${bed}`,
    start: { reason: start, note: "", encounter: null, hours: "6" },
    as_of,
    argsOf: (typed) => argsOf(bed, typed),
    onClose,
  });
  const { reason, note, encounter, hours } = move.typed;
  return (
    <MoveFrame title={t("movement.hold")} about={place} move={move} confirm={t("movement.hold.do")}>
      <RadioGroup
        {...move.field("bed_hold.reason")}
        autoFocus
        choices={["held", "cleaning", "blocked"].map((id) => ({ id, label: t(`movement.hold.${id}`) }))}
        value={reason}
        onChange={(chosen) => move.type({ reason: chosen })}
      />
      {reason === "held" && (
        <div className="grid grid-cols-2 items-start gap-4">
          <Select
            {...move.field("bed_hold.encounter")}
            label={t("movement.hold.for")}
            choices={board.waiting.flatMap((line) =>
              line.encounter ? [{ id: line.encounter, label: line.name }] : [],
            )}
            value={encounter}
            onChange={(chosen) => move.type({ encounter: chosen })}
            placeholder={t("movement.hold.anybody")}
            optional
          />
          <Select
            {...move.field("bed_hold.expires")}
            choices={HOLD_HOURS.map((each) => ({
              id: String(each),
              label: t("movement.hours", { hours: each }),
            }))}
            value={hours}
            onChange={(chosen) => move.type({ hours: chosen ?? "6" })}
          />
        </div>
      )}
      <TextField
        {...move.field("bed_hold.note")}
        value={note}
        onChange={(text) => move.type({ note: text })}
        maxLength={200}
        optional={reason !== "blocked"}
      />
    </MoveFrame>
  );
}

/** Only a bed that is held is held for somebody, and not for ever. */
function argsOf(bed: string, { reason, note, encounter, hours }: Typed): HoldArgs {
  const isHeld = reason === "held";
  return {
    bed,
    reason,
    encounter: isHeld ? encounter : null,
    note: note.trim() || null,
    expires: isHeld ? Date.now() + Number(hours) * HOUR_MS : null,
  };
}
