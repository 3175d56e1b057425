/** One movement on the ward as a form sends it: what it asks to be confirmed, what is wrong at which field, and the word that it is saved. */
import { useState } from "react";
import { useAct } from "../../backend-context";
import { useProblemWords } from "../../components/Loaded";
import { useSaySaved } from "../useSaySaved";

/** Sends the movement `name`; `onDone` after it is saved on this computer. */
export function useMove<Args>(name: string, onDone: () => void) {
  const saySaved = useSaySaved();
  const words = useProblemWords();
  const act = useAct<Args>(name);
  const [confirmed, setConfirmed] = useState<string[]>([]);
  const problems = act.error?.problems ?? [];
  const open = problems.filter((problem) => !confirmed.includes(problem.field));
  return {
    problem: act.error,
    problems,
    open,
    confirmed,
    setConfirmed,
    isPending: act.isPending,
    /** What is wrong with a field, in words. */
    errorOf(field: string) {
      const problem = open.find((each) => each.field === field && !each.ask);
      return problem && words.sentence(problem);
    },
    send(args: Args, as_of: number) {
      act.mutate(
        { args, as_of, confirmed },
        {
          onSuccess: (saved) => {
            saySaved(saved.action);
            onDone();
          },
        },
      );
    },
  };
}
