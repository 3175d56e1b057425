/** Values the desk finds unusual: each must be said to be right before the form is saved again. */
import type { Problem } from "../backend";
import { Checkbox } from "../components/Checkbox";
import { useProblemWords } from "../components/Loaded";

export interface DoubtsProps {
  problems: readonly Problem[];
  /** The fields that were said to be right. */
  confirmed: readonly string[];
  onConfirm(fields: string[]): void;
  /** The words of a box: "Yes, this is right: …". */
  say(what: string): string;
}

/** A box for each doubt. */
export function Doubts({ problems, confirmed, onConfirm, say }: DoubtsProps) {
  const words = useProblemWords();
  return problems
    .filter((problem) => problem.ask)
    .map((problem) => (
      <Checkbox
        key={`${problem.field} ${problem.code}`}
        label={say(words.line(problem))}
        value={confirmed.includes(problem.field)}
        onChange={(yes) =>
          onConfirm(
            yes ? [...confirmed, problem.field] : confirmed.filter((field) => field !== problem.field),
          )
        }
      />
    ));
}
