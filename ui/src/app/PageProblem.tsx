/** A page that failed while it was drawn: the rest of the window stays. */
import { problemFrom } from "../backend";
import { Button } from "../components/Button";
import { ProblemBanner } from "../components/Loaded";
import { useText } from "../i18n/useText";

/** Says what is safe and offers to draw the page again. */
export function PageProblem({ error, reset }: { error: unknown; reset(): void }) {
  const t = useText();
  return (
    <div className="p-6">
      <ProblemBanner problem={problemFrom(error)} action={<Button onPress={reset}>{t("ui.again")}</Button>} />
    </div>
  );
}
