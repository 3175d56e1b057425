/** Locks a desk that nobody touches: tells the desk that somebody is there, warns 30 seconds before, then locks. */
import { useEffect, useRef, useState } from "react";
import { useBackend } from "../backend-context";
import { Button } from "../components/Button";
import { Dialog } from "../components/Dialog";
import { useText } from "../i18n/useText";
import { mayTouch, secondsLeft, WARN_S } from "./idle";

const SIGNS_OF_A_PERSON = ["pointerdown", "pointermove", "keydown", "wheel"] as const;

/** The watch; it draws only its warning. */
export function AutoLock({ minutes, onLock }: { minutes: number; onLock(): void }) {
  const t = useText();
  const backend = useBackend();
  const [left_s, setLeft] = useState<number | null>(null);
  const seen = useRef({ at_ms: Date.now(), touched_ms: 0, isWarning: false, isLocked: false });
  const lock = useRef(onLock);
  lock.current = onLock;

  useEffect(() => {
    const here = () => {
      if (!seen.current.isWarning) seen.current.at_ms = Date.now();
    };
    const look = () => {
      const now_ms = Date.now();
      if (mayTouch(seen.current, now_ms)) {
        seen.current.touched_ms = now_ms;
        backend.call("touch").catch(() => undefined);
      }
      const left = secondsLeft(seen.current.at_ms, now_ms, minutes);
      seen.current.isWarning = left <= WARN_S;
      setLeft(seen.current.isWarning ? left : null);
      if (left > 0 || seen.current.isLocked) return;
      seen.current.isLocked = true;
      lock.current();
    };
    for (const sign of SIGNS_OF_A_PERSON)
      window.addEventListener(sign, here, { passive: true, capture: true });
    const timer = setInterval(look, 1_000);
    return () => {
      clearInterval(timer);
      for (const sign of SIGNS_OF_A_PERSON) window.removeEventListener(sign, here, { capture: true });
    };
  }, [backend, minutes]);

  const stay = () => {
    seen.current = { at_ms: Date.now(), touched_ms: 0, isWarning: false, isLocked: false };
    setLeft(null);
  };
  return (
    <Dialog
      title={t("idle.title")}
      isOpen={left_s !== null}
      onClose={stay}
      size="small"
      role="alertdialog"
      actions={
        <>
          <Button variant="primary" size="large" autoFocus onPress={stay}>
            {t("idle.stay")}
          </Button>
          <Button size="large" onPress={onLock}>
            {t("layout.lock")}
          </Button>
        </>
      }
    >
      <p className="text-title font-semibold" aria-live="off">
        {t("idle.locks_in", { seconds: left_s ?? 0 })}
      </p>
      <p className="text-table text-soft">{t("idle.kept")}</p>
    </Dialog>
  );
}
