/** Doing what ends a contradiction: one action of the desk for every way. */
import { useState } from "react";
import type { BackendProblem } from "../../backend";
import { useAct, useCommand, whenDone } from "../../backend-context";
import { useSaySaved } from "../../entity/useSaySaved";
import type { DecideArgs, Saved, WardConflictShown, WayShown } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import type { Resolve } from "./deciding";

/** What a way asks for before it can be taken. */
export interface Given {
  reason: string | null;
  bed: string | null;
}

export interface Deed {
  /** What its button says. */
  wordsOf(way: WayShown): string;
  take(way: WayShown, given?: Given, onDone?: () => void): void;
  /** The way that is being taken. */
  taking: WayShown | null;
  isPending: boolean;
  error: BackendProblem | null;
  /** Forgets what was refused. */
  forget(): void;
}

const REASONS = ["void", "keep_entry", "void_admission"];
const BEDS = ["other_bed", "transfer"];

/** Whether a way needs a reason, a bed, or nothing more. */
export function needsOf(way: WayShown): "reason" | "bed" | null {
  if (REASONS.includes(way.what)) return "reason";
  return BEDS.includes(way.what) ? "bed" : null;
}

/** The ways of a contradiction, seen as it stood at `as_of`. */
export function useWay(conflict: WardConflictShown, as_of: number): Deed {
  const t = useText();
  const format = useFormat();
  const decide = useAct<DecideArgs>("decide");
  const resolve = useCommand<Resolve, Saved>("resolve");
  const saySaved = useSaySaved();
  const [taken, setTaken] = useState<WayShown | null>(null);
  const isPending = decide.isPending || resolve.isPending;
  return {
    wordsOf(way) {
      const at = way.at === null ? "" : format.dateTime(way.at);
      const ofKind = `inbox.way.${way.what}.${way.kind}`;
      return t(t.has(ofKind) ? ofKind : `inbox.way.${way.what}`, { at });
    },
    take(way, given, onDone) {
      if (isPending) return;
      setTaken(way);
      const done = (saved: Saved) => {
        saySaved(conflict.said ? null : saved.action, t("inbox.decided"));
        onDone?.();
      };
      if (conflict.said) {
        const value = way.what === "keep_voided" ? "yes" : "no";
        const { kind, record } = way;
        whenDone(resolve.mutateAsync({ kind, record, field: "voided", value, as_of }), done);
        return;
      }
      const { what, kind, record, other, at } = way;
      const args = {
        what,
        kind,
        record,
        other,
        at,
        bed: given?.bed ?? null,
        reason: given?.reason ?? null,
      };
      whenDone(decide.mutateAsync({ args, as_of }), done);
    },
    taking: isPending ? taken : null,
    isPending,
    error: decide.error ?? resolve.error,
    forget() {
      decide.reset();
      resolve.reset();
    },
  };
}
