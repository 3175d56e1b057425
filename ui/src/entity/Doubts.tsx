/** Values the desk finds unusual: each must be said to be right before the form is saved again. */
import type { Problem } from "../backend";
import { Checkbox } from "../components/Checkbox";
import { useProblemWords } from "../components/Loaded";
import { useText } from "../i18n/useText";

export interface DoubtsProps {
  problems: readonly Problem[];
  /** The fields that were said to be right. */
  confirmed: readonly string[];
  onConfirm(fields: string[]): void;
}

/** A box for each doubt. */
export function Doubts({ problems, confirmed, onConfirm }: DoubtsProps) {
  const t = useText();
  const words = useProblemWords();
  return problems
    .filter((problem) => problem.ask)
    .map((problem) => (
      <Checkbox
        key={`${problem.field} ${problem.code}`}
        label={t("form.confirm", { what: words.line(problem) })}
        value={confirmed.includes(problem.field)}
        onChange={(yes) =>
          onConfirm(
            yes ? [...confirmed, problem.field] : confirmed.filter((field) => field !== problem.field),
          )
        }
      />
    ));
}
