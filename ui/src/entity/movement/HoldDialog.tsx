/** Holds a bed for somebody, or blocks it with a reason. */
import { useState } from "react";
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

/** The dialog. */
export function HoldDialog({ board, as_of, bed, place, start, onClose }: HoldDialogProps) {
  const t = useText();
  const move = useMove<HoldArgs>("hold", onClose);
  const [reason, setReason] = useState<string>(start);
  const [note, setNote] = useState("");
  const [encounter, setEncounter] = useState<string | null>(null);
  const [hours, setHours] = useState("6");
  const send = () => {
    const isHeld = reason === "held";
    const expires = isHeld ? Date.now() + Number(hours) * HOUR_MS : null;
    move.send(
      { bed, reason, encounter: isHeld ? encounter : null, note: note.trim() || null, expires },
      as_of,
    );
  };
  return (
    <MoveFrame
      title={t("movement.hold")}
      about={place}
      move={move}
      confirm={t("movement.hold.do")}
      onSend={send}
      onClose={onClose}
    >
      <RadioGroup
        id="bed_hold.reason"
        label={t("field.bed_hold.reason")}
        choices={["held", "cleaning", "blocked"].map((id) => ({ id, label: t(`movement.hold.${id}`) }))}
        value={reason}
        onChange={setReason}
        error={move.errorOf("reason")}
        autoFocus
      />
      {reason === "held" && (
        <div className="grid grid-cols-2 items-start gap-4">
          <Select
            id="bed_hold.encounter"
            label={t("movement.hold.for")}
            choices={board.waiting.flatMap((line) =>
              line.encounter ? [{ id: line.encounter, label: line.name }] : [],
            )}
            value={encounter}
            onChange={setEncounter}
            placeholder={t("movement.hold.anybody")}
            optional
          />
          <Select
            id="bed_hold.expires"
            label={t("field.bed_hold.expires")}
            choices={HOLD_HOURS.map((each) => ({
              id: String(each),
              label: t("movement.hours", { hours: each }),
            }))}
            value={hours}
            onChange={(chosen) => setHours(chosen ?? "6")}
          />
        </div>
      )}
      <TextField
        id="bed_hold.note"
        label={t("field.bed_hold.note")}
        value={note}
        onChange={setNote}
        maxLength={200}
        error={move.errorOf("note")}
        optional={reason !== "blocked"}
      />
    </MoveFrame>
  );
}
