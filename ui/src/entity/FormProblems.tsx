/** What is wrong with a record's form, on top of it: errors with the way to their fields, what went wrong as a whole, and what is unusual and asked. */
import { ErrorSummary } from "../components/ErrorSummary";
import { ProblemBanner } from "../components/Loaded";
import { Doubts } from "./Doubts";
import type { Faults } from "./useFaults";

type Problems = Pick<Faults, "errors" | "attempt" | "failure" | "problems" | "confirmed" | "setConfirmed">;

/** The part above the fields. */
export function FormProblems({ form }: { form: Problems }) {
  return (
    <>
      <ErrorSummary errors={form.errors} attempt={form.attempt} />
      {form.failure && form.failure.code !== "problems" && <ProblemBanner problem={form.failure} />}
      <Doubts problems={form.problems} confirmed={form.confirmed} onConfirm={form.setConfirmed} />
    </>
  );
}
