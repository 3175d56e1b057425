/** What was typed into a form and not saved: brought back only when the person says so, with the time it was typed; left only in one of three ways. */
import { useState } from "react";
import { Button } from "../components/Button";
import { Dialog } from "../components/Dialog";
import { type Kept, useDraft } from "../draft";
import { useFormat, useText } from "../i18n/useText";
import { useNow } from "../now";

/** Only the fields that were typed, as plain values. */
export type Changed = Record<string, unknown>;

/** A form that was left half typed. */
export interface Unsaved {
  typed_at: number;
  /** The moment of the store that the person saw: what others changed since is then a conflict, not lost. */
  as_of: number;
  changed: Changed;
}

/** What was typed before, and what the person wants with it. */
export interface Before {
  draft: Kept<Unsaved>;
  /** `asking` the desk, a `choice` to be made by the person, or `ready` to be drawn. */
  state: "asking" | "choice" | "ready";
  /** What the person goes on with; null begins anew. */
  unsaved: Unsaved | null;
  /** When it was typed. */
  typed_at: number;
  goOn(): void;
  startAnew(): void;
}

/** What was typed before into the form of that name. */
export function useBefore(name: string): Before {
  const draft = useDraft<Unsaved>(name);
  const [chosen, setChosen] = useState<"on" | "anew" | null>(null);
  const kept = isUnsaved(draft.kept) ? draft.kept : null;
  return {
    draft,
    state: draft.kept === undefined ? "asking" : kept && chosen === null ? "choice" : "ready",
    unsaved: chosen === "on" ? kept : null,
    typed_at: kept?.typed_at ?? 0,
    goOn: () => setChosen("on"),
    startAnew() {
      draft.forget();
      setChosen("anew");
    },
  };
}

function isUnsaved(kept: unknown): kept is Unsaved {
  return typeof kept === "object" && kept !== null && "typed_at" in kept && "changed" in kept;
}

/** "Typed at 08:00 and not saved": go on with it, or start anew. */
export function AskBefore({ before }: { before: Before }) {
  const t = useText();
  const format = useFormat();
  const now_ms = useNow();
  const isToday = format.date(before.typed_at) === format.date(now_ms);
  const at = isToday ? format.time(before.typed_at) : format.dateTime(before.typed_at);
  return (
    <section
      aria-label={t("form.before", { at })}
      className="flex flex-wrap items-center gap-3 rounded-panel border border-watch bg-watch-tint px-4 py-3"
    >
      <p className="min-w-0 flex-1">
        <b className="block font-semibold">{t("form.before", { at })}</b>
        <span className="text-table text-soft">
          {t("form.before.ago", { ago: format.ago(before.typed_at, now_ms) })}
        </span>
      </p>
      <Button variant="primary" size="large" autoFocus onPress={before.goOn}>
        {t("form.go_on")}
      </Button>
      <Button size="large" onPress={before.startAnew}>
        {t("form.start_anew")}
      </Button>
    </section>
  );
}

/** The same before a dialog's form is drawn. */
export function AskBeforeDialog(props: { title: string; before: Before; onClose(): void }) {
  return (
    <Dialog title={props.title} isOpen onClose={props.onClose}>
      <AskBefore before={props.before} />
    </Dialog>
  );
}

export interface LeavingProps {
  isOpen: boolean;
  onKeep(): void;
  onThrowAway(): void;
  onGoOn(): void;
}

/** Leaving a form in which something was typed. Escape goes on: nothing is lost by a key. */
export function AskLeaving({ isOpen, onKeep, onThrowAway, onGoOn }: LeavingProps) {
  const t = useText();
  return (
    <Dialog
      title={t("form.leaving")}
      isOpen={isOpen}
      onClose={onGoOn}
      size="small"
      role="alertdialog"
      actions={
        <>
          <Button variant="primary" size="large" autoFocus onPress={onKeep}>
            {t("form.leaving.keep")}
          </Button>
          <Button size="large" onPress={onGoOn}>
            {t("form.go_on")}
          </Button>
          <Button variant="danger" size="large" onPress={onThrowAway}>
            {t("form.leaving.throw")}
          </Button>
        </>
      }
    >
      <p>{t("form.leaving.what")}</p>
    </Dialog>
  );
}
