/** Finds a registered patient while typing: by name in any script or by sound, by phone or number. */
import { useState } from "react";
import { useView } from "../../backend-context";
import { ComboBox } from "../../components/ComboBox";
import type { PatientLine } from "../../generated/wire";
import { useText } from "../../i18n/useText";

export interface PatientPickerProps {
  value: string | null;
  onChange(patient: string | null): void;
  error?: string;
}

/** The picker; people who are admitted already are shown and cannot be chosen. */
export function PatientPicker({ value, onChange, error }: PatientPickerProps) {
  const t = useText();
  const [typed, setTyped] = useState("");
  const found = useView<PatientLine[]>(
    "find_patients",
    { text: typed },
    { enabled: typed.trim().length >= 2, keepPrevious: true, kinds: ["patient", "encounter"] },
  );
  const choices = (found.data ?? []).slice(0, 12).map((line) => ({
    id: line.patient,
    label: line.name,
    detail: [
      line.sex && t(`code.gender.${line.sex}`),
      line.age_years !== null && t("movement.years", { years: line.age_years }),
      line.phone,
      line.encounter !== null && t("movement.is_admitted"),
    ]
      .filter(Boolean)
      .join(" · "),
    isDisabled: line.encounter !== null,
  }));
  return (
    <ComboBox
      id="encounter.patient"
      label={t("field.encounter.patient")}
      hint={t("movement.find.hint")}
      choices={choices}
      value={value}
      onChange={onChange}
      onSearch={setTyped}
      error={error}
      autoFocus
    />
  );
}
