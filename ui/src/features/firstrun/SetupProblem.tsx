/** Why setting up did not work: nothing was set up yet, so some words differ from those of a working desk. */
import type { BackendProblem } from "../../backend";
import { Banner } from "../../components/Banner";
import { ProblemBanner } from "../../components/Loaded";
import { useText } from "../../i18n/useText";

/** The problem, said for a computer that is not set up. */
export function SetupProblem({ problem }: { problem: BackendProblem }) {
  const t = useText();
  const what = `firstrun.problem.${problem.code}`;
  if (!t.has(what)) return <ProblemBanner problem={problem} />;
  return (
    <Banner tone="problem" title={t(`problem.${problem.code}`, problem.numbers)}>
      {t(what, problem.numbers)}
    </Banner>
  );
}
