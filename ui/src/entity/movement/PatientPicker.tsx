/** Finds a registered patient while typing: by name in any script or by sound, by phone or number. */
import { useState } from "react";
import { useView } from "../../backend-context";
import { ComboBox } from "../../components/ComboBox";
import type { PatientLine } from "../../generated/wire";
import { useText } from "../../i18n/useText";

/** A patient as the picker names one. */
export interface Who {
  id: string;
  name: string;
}

export interface PatientPickerProps {
  value: Who | null;
  onChange(patient: Who | null): void;
  error?: string;
}

/** Fewer letters find half the town. */
const LEAST_LETTERS = 2;
/** As many as are looked through before one types on. */
const MOST = 12;

/** The picker; people who are admitted already are shown and cannot be chosen. */
export function PatientPicker({ value, onChange, error }: PatientPickerProps) {
  const t = useText();
  const [typed, setTyped] = useState("");
  const isSearch = typed.trim().length >= LEAST_LETTERS;
  const found = useView<PatientLine[]>(
    "find_patients",
    { text: typed, most: MOST },
    { enabled: isSearch, keepPrevious: true, kinds: ["patient", "encounter"] },
  );
  const lines = isSearch ? (found.data ?? []) : [];
  const isListed = lines.some((line) => line.patient === value?.id);
  // Who was chosen stays in the list while the name stands in the field, or the field would go blank.
  const chosen = value && !isListed && (typed === "" || typed === value.name) ? [value] : [];
  const choices = [
    ...chosen.map(({ id, name }) => ({ id, label: name })),
    ...lines.map((line) => ({
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
    })),
  ];
  const empty = !isSearch ? t("movement.find.invite") : found.isFetching ? t("ui.loading") : undefined;
  return (
    <ComboBox
      id="encounter.patient"
      label={t("field.encounter.patient")}
      hint={t("movement.find.hint")}
      choices={choices}
      value={value?.id ?? null}
      onChange={(id) => {
        const choice = choices.find((each) => each.id === id);
        onChange(choice ? { id: choice.id, name: choice.label } : null);
      }}
      onSearch={setTyped}
      empty={empty}
      error={error}
      autoFocus={value === null}
    />
  );
}
