/** What keeps a form of one record from being saved: what was typed and means nothing, what the desk refused, and what it asks. */
import { useState } from "react";
import type { BackendProblem } from "../backend";
import type { FormError } from "../components/ErrorSummary";
import { useProblemWords } from "../components/Loaded";
import type { Kind } from "../generated/entities";
import { useText } from "../i18n/useText";

/** The id of a field's input. */
export function idOf(kind: Kind, field: string): string {
  return `${kind}.${field}`;
}

/** The faults of a form. `error` is what its last save came to; what is wrong with the whole is told at `first`. */
export function useFaults(kind: Kind, error: BackendProblem | null, first = "") {
  const t = useText();
  const words = useProblemWords();
  const [untyped, setUntyped] = useState<Record<string, string>>({});
  const [confirmed, setConfirmed] = useState<string[]>([]);
  const [attempt, setAttempt] = useState(0);
  const problems = error?.problems ?? [];
  const open = problems.filter((problem) => !confirmed.includes(problem.field));
  const isTried = attempt > 0;
  const named = (field: string, text: string) => {
    const label = t(`field.${kind}.${field}`);
    return text.startsWith(label) ? text : `${label}: ${text}`;
  };
  const errors: FormError[] = [
    ...Object.entries(isTried ? untyped : {}).map(([field, text]) => ({
      field: idOf(kind, field),
      text: named(field, text),
    })),
    ...open.map((problem) => ({ field: idOf(kind, problem.field || first), text: words.line(problem) })),
  ];
  return {
    errors,
    attempt: attempt + problems.length,
    failure: error,
    problems,
    confirmed,
    setConfirmed,
    isTried,
    /** Whether something was typed that means nothing. */
    isUntyped: Object.keys(untyped).length > 0,
    errorOf(field: string) {
      const problem = open.find((each) => each.field === field);
      return (isTried ? untyped[field] : undefined) ?? (problem && words.sentence(problem));
    },
    /** A field was typed in: what was said of it before counts no longer. */
    typed(field: string, problem?: string) {
      setUntyped(({ [field]: _, ...rest }) => (problem ? { ...rest, [field]: problem } : rest));
      setConfirmed((all) => all.filter((each) => each !== field));
    },
    tried: () => setAttempt(attempt + 1),
  };
}

/** The faults as the part above the fields takes them. */
export type Faults = ReturnType<typeof useFaults>;
