/** One movement on the ward as its dialog fills it in and sends it: what is typed survives a lock, what is wrong stands at its field, what is unusual is asked. */
import { useState } from "react";
import { useAct, whenDone } from "../../backend-context";
import { useProblemWords } from "../../components/Loaded";
import { useText } from "../../i18n/useText";
import { useSaySaved } from "../useSaySaved";
import { useTyped } from "../useTyped";
import type { Moment } from "./moment";
import { useClock, type Wrong } from "./useClock";

/** Where a dialog asks when it happened, and where the desk's problems with that moment stand. */
export const WHEN = "movement.when";
const ABOUT_WHEN = [
  "encounter.admitted_at",
  "encounter.discharged_at",
  "bed_stay.from",
  "bed_stay.to",
  "consent.given_at",
  "consent.withdrawn_at",
];

/** What a dialog holds of the moment: null is now. */
interface Timed {
  when?: Moment | null;
}

export interface MoveOptions<Args, T> {
  /** The act's name at the desk. */
  name: "admit" | "transfer" | "swap" | "discharge" | "hold" | "give_consent" | "withdraw_consent";
  /** Who or what it is about, for the word that it is done. */
  about(typed: T): string;
  /** The name of what is typed and not sent yet, such as `move/transfer/<encounter>`. */
  draft: string;
  start: T;
  as_of: number;
  /** What the part that asks when is called, where "When" would leave open what. */
  when?: string;
  /** What is missing or cannot be. */
  wrong?(typed: T): Wrong[];
  /** `at` is null for now. */
  argsOf(typed: T, at: number | null): Args;
  onClose(): void;
}

/** The dialog's fields, and the act they make. */
export function useMove<Args, T extends Timed>(options: MoveOptions<Args, T>) {
  const t = useText();
  const words = useProblemWords();
  const saySaved = useSaySaved();
  const clock = useClock();
  const act = useAct<Args>(options.name);
  const form = useTyped(options.draft, options.start);
  const { typed } = form;
  const [confirmed, setConfirmed] = useState<string[]>([]);
  const [attempt, setAttempt] = useState(0);
  const when = typed.when ?? null;
  const label = options.when ?? t("movement.when");
  const wrong = [...(options.wrong?.(typed) ?? []), ...(when ? clock.wrong(WHEN, label, when) : [])];
  const problems = act.error?.problems ?? [];
  const open = problems
    .filter((problem) => !confirmed.includes(problem.field))
    .map((problem) => {
      const field = `${problem.kind}.${problem.field}`;
      return { ...problem, place: ABOUT_WHEN.includes(field) ? WHEN : field };
    });
  const shown = attempt > 0 ? wrong : [];
  const errorOf = (id: string) => {
    const problem = open.find((each) => each.place === id && !each.ask);
    return shown.find((each) => each.field === id)?.text ?? (problem && words.sentence(problem));
  };
  // What was said to be right was said of what stood there.
  const type = (part: Partial<T>) => {
    setConfirmed([]);
    form.type(part);
  };
  const leave = () => {
    form.forget();
    options.onClose();
  };
  return {
    typed,
    type,
    isReady: form.isReady,
    isBack: form.isBack,
    failure: act.error,
    problems,
    errors: [
      ...shown.map(({ field, text, line }) => ({ field, text: line ?? text })),
      ...open.map((problem) => ({ field: problem.place, text: words.line(problem) })),
    ],
    attempt: attempt + problems.length,
    confirmed,
    setConfirmed,
    isPending: act.isPending,
    errorOf,
    /** What every field of a record in the dialog has: its name, label and error. */
    field: (id: string) => ({ id, label: t(`field.${id}`), error: errorOf(id) }),
    /** What the part that asks when takes. */
    when: {
      id: WHEN,
      label,
      value: when,
      onChange: (moment: Moment | null) => type({ when: moment } as Partial<T>),
      errorOf,
    },
    leave,
    send() {
      if (act.isPending) return;
      setAttempt(attempt + 1);
      act.reset();
      if (wrong.length > 0) return;
      const at = when && clock.sent(when);
      const moved = act.mutateAsync({ args: options.argsOf(typed, at), as_of: options.as_of, confirmed });
      whenDone(moved, (saved) => {
        saySaved(saved.action, t(`movement.done.${options.name}`, { about: options.about(typed) }));
        leave();
      });
    },
  };
}

/** A dialog's movement as its frame takes it. */
export type Move = Omit<ReturnType<typeof useMove<unknown, Timed>>, "typed" | "type" | "when">;
