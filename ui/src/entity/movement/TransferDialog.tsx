/** Moves an admitted patient to another bed, or into a first one. */
import { useState } from "react";
import { Checkbox } from "../../components/Checkbox";
import type { BedBoard, TransferArgs } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { BedPicker } from "./BedPicker";
import { MoveFrame } from "./MoveFrame";
import { useMove } from "./useMove";

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

/** The dialog. */
export function TransferDialog({
  board,
  as_of,
  encounter,
  name,
  to,
  isLeaving,
  onClose,
}: TransferDialogProps) {
  const t = useText();
  const move = useMove<TransferArgs>("transfer", onClose);
  const [bed, setBed] = useState<string | null>(to ?? null);
  const [clean, setClean] = useState(true);
  const [missing, setMissing] = useState(false);
  const send = () => {
    setMissing(bed === null);
    if (bed !== null) move.send({ encounter, bed, at: null, clean: isLeaving && clean }, as_of);
  };
  return (
    <MoveFrame
      title={t("movement.transfer")}
      about={name}
      move={move}
      confirm={t("movement.transfer.do")}
      onSend={send}
      onClose={onClose}
    >
      <BedPicker
        board={board}
        value={bed}
        onChange={setBed}
        error={missing && bed === null ? t("movement.bed.missing") : move.errorOf("bed")}
        autoFocus
      />
      {isLeaving && <Checkbox label={t("movement.clean")} value={clean} onChange={setClean} />}
    </MoveFrame>
  );
}
