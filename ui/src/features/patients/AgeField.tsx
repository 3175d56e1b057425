/** The age as people tell it, in years; it becomes the year of birth, about. */
import { NumberField } from "../../components/NumberField";
import type { RecordForm } from "../../entity/useRecordForm";
import { useText } from "../../i18n/useText";

/** Nobody is older. */
const OLDEST = 130;

/** The field. With a date of birth the age follows from it and is not typed. */
export function AgeField({ form }: { form: RecordForm }) {
  const t = useText();
  const this_year = new Date().getFullYear();
  const day = form.valueOf("birth_date");
  const year = typeof day === "string" ? Number(day.slice(0, 4)) : form.valueOf("birth_year");
  const isGuess = typeof day !== "string" && typeof year === "number";
  return (
    <NumberField
      id="patient.age"
      label={t("patients.age.years")}
      unit={t("patients.age.unit")}
      hint={isGuess ? t("patients.age.born_about", { year: String(year) }) : t("patients.age.hint")}
      value={typeof year === "number" ? this_year - year : null}
      isReadOnly={typeof day === "string"}
      onChange={(age, problem) => {
        const isOdd = age !== null && (age < 0 || age > OLDEST);
        form.change(
          "birth_year",
          age === null || isOdd ? null : this_year - age,
          problem ?? (isOdd ? t("patients.age.odd", { most: OLDEST }) : undefined),
        );
      }}
    />
  );
}
