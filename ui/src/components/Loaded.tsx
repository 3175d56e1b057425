/** The four states of everything that is asked for: on its way, a problem, empty, there. */
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { BackendProblem, Problem } from "../backend";
import { useText } from "../i18n/useText";
import { Banner } from "./Banner";
import { Button } from "./Button";
import { Skeleton } from "./Loading";

export interface LoadedProps<T> {
  view: UseQueryResult<T, BackendProblem>;
  children(content: T): ReactNode;
  /** Whether there is nothing to show, and what to say then. */
  isEmpty?(content: T): boolean;
  empty?: ReactNode;
  loading?: ReactNode;
}

const GONE: readonly string[] = ["not_found", "not_allowed"];

/** Shows a view in whichever state it is. */
export function Loaded<T>({ view, children, isEmpty, empty, loading }: LoadedProps<T>) {
  const t = useText();
  // What may not be seen any more does not stay on the screen.
  const isGone = GONE.includes(view.error?.code ?? "");
  if (view.data !== undefined && !isGone) {
    return isEmpty?.(view.data) && empty ? empty : children(view.data);
  }
  if (view.error) {
    return (
      <ProblemBanner
        problem={view.error}
        action={<Button onPress={() => view.refetch()}>{t("ui.again")}</Button>}
      />
    );
  }
  return loading ?? <Skeleton lines={6} shape="rows" />;
}

/** A refused command or view, in words: what failed, what is safe, what to do. */
export function ProblemBanner({ problem, action }: { problem: BackendProblem; action?: ReactNode }) {
  const words = useProblemWords();
  return (
    <Banner tone="problem" title={words.title(problem)} action={action}>
      {words.text(problem)}
      {problem.problems.length > 0 && (
        <ul className="list-disc pl-5">
          {problem.problems.map((each) => (
            <li key={`${each.kind} ${each.field} ${each.code}`}>{words.line(each)}</li>
          ))}
        </ul>
      )}
    </Banner>
  );
}

/** Words for a problem: its own texts `problem.<code>` and `problem.<code>.what`, or the general ones with the code. */
export function useProblemWords() {
  const t = useText();
  const key = (problem: BackendProblem) => `problem.${problem.code}`;
  const field = (problem: Problem) => `field.${problem.kind}.${problem.field}`;
  const sentence = (problem: Problem) =>
    t.has(`problem.${problem.code}`) ? t(`problem.${problem.code}`, problem.numbers) : problem.code;
  const title = (problem: BackendProblem) =>
    t.has(key(problem)) ? t(key(problem), problem.numbers) : t("problem.unexpected");
  const text = (problem: BackendProblem) =>
    t.has(`${key(problem)}.what`)
      ? t(`${key(problem)}.what`, { code: problem.code, ...problem.numbers })
      : t("problem.unexpected.what", { code: problem.code });
  /** What is wrong with a field, after the field's name. */
  const line = (problem: Problem) =>
    t.has(field(problem)) ? `${t(field(problem))}: ${sentence(problem)}` : sentence(problem);
  return {
    title,
    text,
    line,
    /** All of it in a breath, for a toast: what is wrong with a draft, or what happened and what to do. */
    short: (problem: BackendProblem) =>
      problem.problems[0] ? line(problem.problems[0]) : `${title(problem)}. ${text(problem)}`,
    /** What is wrong with one field of a draft, without the field's name. */
    sentence,
  };
}
