/** What is wrong with a record's form, on top of it: errors with the way to their fields, what went wrong as a whole, and what is unusual and asked. */
import { ErrorSummary } from "../components/ErrorSummary";
import { ProblemBanner } from "../components/Loaded";
import { useText } from "../i18n/useText";
import { Doubts } from "./Doubts";
import type { RecordForm } from "./useRecordForm";

/** The part above the fields. */
export function FormProblems({ form }: { form: RecordForm }) {
  const t = useText();
  return (
    <>
      <ErrorSummary errors={form.errors} attempt={form.attempt} />
      {form.failure && <ProblemBanner problem={form.failure} />}
      <Doubts
        problems={form.problems}
        confirmed={form.confirmed}
        onConfirm={form.setConfirmed}
        say={(what) => t("form.confirm", { what })}
      />
    </>
  );
}
