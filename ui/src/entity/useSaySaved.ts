/** The word that something is saved on this computer, with Undo for what can be taken back. */
import { useCommand } from "../backend-context";
import { useProblemWords } from "../components/Loaded";
import { sayDone, sayProblem } from "../components/Toast";
import type { Saved } from "../generated/wire";
import { useFormat, useText } from "../i18n/useText";

/** Gives `saySaved(saved.action, "Moved: Kamala Devi")`; Undo takes the action back, and nothing is offered for null. */
export function useSaySaved(): (action: string | null | undefined, done?: string) => void {
  const t = useText();
  const format = useFormat();
  const words = useProblemWords();
  const undo = useCommand<{ action: string }, Saved>("undo");
  const takeBack = (action: string) =>
    undo
      .mutateAsync({ action })
      .then(() => sayDone(t("ui.taken_back")))
      .catch((problem) => sayProblem(words.short(problem)));
  return (action, done) => {
    const saved = t("ui.saved_here", { time: format.time(Date.now()) });
    // What was done is a sentence already, or becomes one.
    const sentence = done && (done.endsWith(".") ? done : `${done}.`);
    sayDone(sentence ? `${sentence} ${saved}` : saved, action ? () => takeBack(action) : undefined);
  };
}
