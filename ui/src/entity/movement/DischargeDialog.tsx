/** Discharges a patient; the stay ends in the same action. */
import { useState } from "react";
import { useView } from "../../backend-context";
import { Checkbox } from "../../components/Checkbox";
import { ComboBox } from "../../components/ComboBox";
import { RadioGroup } from "../../components/RadioGroup";
import { TextField } from "../../components/TextField";
import type { DischargeArgs } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { MoveFrame } from "./MoveFrame";
import { useMove } from "./useMove";
import { DISCHARGE_REASONS } from "./words";

export interface DischargeDialogProps {
  as_of: number;
  encounter: string;
  name: string;
  /** True when the patient lies in a bed. */
  isInBed: boolean;
  onClose(): void;
}

/** The dialog. */
export function DischargeDialog({ as_of, encounter, name, isInBed, onClose }: DischargeDialogProps) {
  const t = useText();
  const move = useMove<DischargeArgs>("discharge", onClose);
  const facilities = useView<{ id: string; name: string }[]>("records", { kind: "facility" });
  const [fields, setFields] = useState<Record<string, unknown>>({});
  const [clean, setClean] = useState(true);
  const reason = (fields.discharge_reason as string | undefined) ?? null;
  const set = (name: string, value: unknown) => setFields({ ...fields, [name]: value });
  const send = () => {
    const died = reason === "expired" ? { died_at: Date.now() } : {};
    move.send({ encounter, at: null, clean: isInBed && clean, fields: { ...fields, ...died } }, as_of);
  };
  return (
    <MoveFrame
      title={t("movement.discharge")}
      about={name}
      move={move}
      confirm={t("movement.discharge.do")}
      onSend={send}
      onClose={onClose}
    >
      <RadioGroup
        id="encounter.discharge_reason"
        label={t("field.encounter.discharge_reason")}
        choices={DISCHARGE_REASONS.map((id) => ({ id, label: t(`code.discharge_reason.${id}`) }))}
        value={reason}
        onChange={(word) => set("discharge_reason", word)}
        error={move.errorOf("discharge_reason")}
        autoFocus
      />
      {reason === "referred" && (
        <ComboBox
          id="encounter.referred_to"
          label={t("field.encounter.referred_to")}
          choices={(facilities.data ?? []).map((each) => ({ id: each.id, label: each.name }))}
          value={(fields.referred_to as string | undefined) ?? null}
          onChange={(facility) => set("referred_to", facility)}
          error={move.errorOf("referred_to")}
        />
      )}
      <TextField
        id="encounter.discharge_notes"
        label={t("field.encounter.discharge_notes")}
        value={(fields.discharge_notes as string | undefined) ?? ""}
        onChange={(notes) => set("discharge_notes", notes)}
        lines={3}
        error={move.errorOf("discharge_notes")}
        optional
      />
      {isInBed && <Checkbox label={t("movement.clean")} value={clean} onChange={setClean} />}
    </MoveFrame>
  );
}
