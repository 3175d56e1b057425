/** What a form that is checked here lacks, as it was when it was last sent. */
import { useState } from "react";
import type { FormError } from "./ErrorSummary";

/** What was found at the last attempt, for the summary and for each field. */
export interface FormErrors {
  errors: readonly FormError[];
  /** How often it was tried: the summary takes the focus with each. */
  attempt: number;
  errorOf(field: string): string | undefined;
  /** Keeps what this attempt found, of which those without a text are none; true when nothing is wrong. */
  isRight(found: readonly FormError[]): boolean;
}

/** The errors of one form. */
export function useFormErrors(): FormErrors {
  const [errors, setErrors] = useState<readonly FormError[]>([]);
  const [attempt, setAttempt] = useState(0);
  return {
    errors,
    attempt,
    errorOf: (field) => errors.find((error) => error.field === field)?.text,
    isRight(found) {
      const wrong = found.filter((error) => error.text !== "");
      setErrors(wrong);
      setAttempt(attempt + 1);
      return wrong.length === 0;
    },
  };
}
