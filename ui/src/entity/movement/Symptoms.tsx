/** Several symptoms, ticked in columns. */
import { Checkbox } from "../../components/Checkbox";
import { useText } from "../../i18n/useText";
import { SYMPTOMS } from "./words";

/** The ticks; those chosen are kept in the list's order. */
export function Symptoms({ value, onChange }: { value: readonly string[]; onChange(words: string[]): void }) {
  const t = useText();
  return (
    <fieldset id="encounter.symptoms" className="rounded-panel border border-line p-3">
      <legend className="px-1 text-table font-medium">{t("field.encounter.symptoms")}</legend>
      <div className="grid max-h-44 grid-cols-2 gap-x-4 gap-y-1 overflow-auto sm:grid-cols-3">
        {SYMPTOMS.map((word) => (
          <Checkbox
            key={word}
            label={t(`code.symptom.${word}`)}
            value={value.includes(word)}
            onChange={(yes) =>
              onChange(SYMPTOMS.filter((each) => (each === word ? yes : value.includes(each))))
            }
          />
        ))}
      </div>
    </fieldset>
  );
}
