/** By whom, of whom, on which day, of which sort the log is read. */
import { useState } from "react";
import { useView } from "../../backend-context";
import { Button } from "../../components/Button";
import { ComboBox } from "../../components/ComboBox";
import { DateField } from "../../components/DateField";
import { Select } from "../../components/Select";
import { CODES } from "../../generated/entities";
import type { AuditPerson, PatientLine } from "../../generated/wire";
import { useText } from "../../i18n/useText";

/** What is asked for; null is everything. */
export interface Wanted {
  who: string | null;
  patient: string | null;
  day: string | null;
  what: string | null;
}

/** What the desk calls all that is about emergency access. */
const EMERGENCY = "emergency";

/** Everything. */
export const NOTHING_CHOSEN: Wanted = { who: null, patient: null, day: null, what: null };

/** The filters, in a row. */
export function Filters(props: {
  wanted: Wanted;
  people: readonly AuditPerson[];
  onChange(wanted: Wanted): void;
}) {
  const t = useText();
  const { wanted, onChange } = props;
  const isFiltered = Object.values(wanted).some((each) => each !== null);
  return (
    <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
      <div className="w-56">
        <ComboBox
          id="audit-who"
          label={t("audit.by_person")}
          choices={props.people.map(({ id, name }) => ({ id, label: name }))}
          value={wanted.who}
          onChange={(who) => onChange({ ...wanted, who })}
        />
      </div>
      <div className="w-56">
        <OfPatient value={wanted.patient} onChange={(patient) => onChange({ ...wanted, patient })} />
      </div>
      <DateField
        id="audit-day"
        label={t("audit.by_day")}
        value={wanted.day}
        onChange={(day, problem) => problem === undefined && onChange({ ...wanted, day })}
      />
      <div className="w-64">
        <Select
          id="audit-what"
          label={t("audit.by_sort")}
          choices={[
            { id: EMERGENCY, label: t("audit.sort.emergency") },
            ...CODES.audited.map(({ word }) => ({ id: word, label: t(`code.audited.${word}`) })),
          ]}
          value={wanted.what}
          onChange={(what) => onChange({ ...wanted, what })}
          placeholder={t("audit.every_sort")}
        />
      </div>
      {isFiltered && (
        <div className="pt-6">
          <Button onPress={() => onChange(NOTHING_CHOSEN)}>{t("audit.all")}</Button>
        </div>
      )}
    </div>
  );
}

/** As many as are looked through before one types on. */
const MOST = 12;

/** A patient, found by typing; the one chosen stays among the choices. */
function OfPatient({ value, onChange }: { value: string | null; onChange(value: string | null): void }) {
  const t = useText();
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState<{ id: string; label: string } | null>(null);
  const isSearching = typed.trim().length >= 2;
  const found = useView<PatientLine[]>(
    "find_patients",
    { text: typed, most: MOST },
    { kinds: ["patient"], enabled: isSearching, keepPrevious: true },
  );
  const lines = (isSearching ? found.data : undefined) ?? [];
  const others = lines.map((line) => ({ id: line.patient, label: line.name }));
  const choices = chosen && value ? [chosen, ...others.filter(({ id }) => id !== chosen.id)] : others;
  return (
    <ComboBox
      key={value === null ? "nobody" : "somebody"}
      id="audit-patient"
      label={t("audit.by_patient")}
      choices={choices}
      value={value}
      onSearch={setTyped}
      empty={isSearching ? undefined : t("audit.by_patient.type")}
      onChange={(id) => {
        setChosen(choices.find((choice) => choice.id === id) ?? null);
        onChange(id);
      }}
    />
  );
}
