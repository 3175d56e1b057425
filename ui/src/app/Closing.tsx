/** Closing the window while changes wait to be sent: asked once, and what is safe is said first. Locking asks nothing; nothing is lost by it. */
import { useEffect, useRef, useState } from "react";
import { useBackend } from "../backend-context";
import { Button } from "../components/Button";
import { Dialog } from "../components/Dialog";
import { useText } from "../i18n/useText";
import { useSession } from "../session";

/** The question; nothing is listened to while nothing waits. */
export function Closing() {
  const t = useText();
  const backend = useBackend();
  const waiting = useSession().data?.sync.waiting ?? 0;
  const [isAsked, setAsked] = useState(false);
  const wasAsked = useRef(false);
  const isListening = waiting > 0;
  useEffect(() => {
    if (!isListening) return;
    return backend.onClosing(() => {
      // Who closes it once more means it.
      if (wasAsked.current) return false;
      wasAsked.current = true;
      setAsked(true);
      return true;
    });
  }, [backend, isListening]);
  const stay = () => {
    wasAsked.current = false;
    setAsked(false);
  };
  return (
    <Dialog
      title={t("closing.title", { count: waiting })}
      isOpen={isAsked}
      onClose={stay}
      size="small"
      role="alertdialog"
      actions={
        <>
          <Button variant="primary" size="large" autoFocus onPress={stay}>
            {t("closing.stay")}
          </Button>
          <Button size="large" onPress={() => backend.close()}>
            {t("closing.close")}
          </Button>
        </>
      }
    >
      <p>{t("closing.what")}</p>
    </Dialog>
  );
}
