/** What is typed into a form that is no record: kept while it is typed, and brought back after a lock or a crash. */
import { useRef, useState } from "react";
import { useDraft } from "../draft";

/** A form's words as they stand. */
export interface Typed<T> {
  typed: T;
  type(part: Partial<T>): void;
  /** False while the desk is asked for what was typed before; the form waits. */
  isReady: boolean;
  /** True when something typed before came back. */
  isBack: boolean;
  /** Drops it: the form was sent or given up. */
  forget(): void;
}

/** The form of that name, such as `move/discharge/<encounter>`; `start` is what stands in it untouched. */
export function useTyped<T extends object>(name: string, start: T): Typed<T> {
  const draft = useDraft<Partial<T>>(name);
  const [since, setSince] = useState<Partial<T>>({});
  const latest = useRef<Partial<T>>({});
  return {
    typed: { ...start, ...draft.kept, ...since },
    type(part) {
      latest.current = { ...latest.current, ...part };
      setSince(latest.current);
      draft.keep({ ...draft.kept, ...latest.current });
    },
    isReady: draft.kept !== undefined,
    isBack: draft.kept !== undefined && draft.kept !== null,
    forget: draft.forget,
  };
}
