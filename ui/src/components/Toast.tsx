/** A word after something was done, with Undo where it can be taken back. It waits while the mouse or the focus is on it. */
import { X } from "lucide-react";
import {
  Button as AriaButton,
  UNSTABLE_Toast as AriaToast,
  UNSTABLE_ToastRegion as AriaToastRegion,
  Text,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
} from "react-aria-components";
import { useText } from "../i18n/useText";
import { Shape } from "./Shape";

interface ToastWords {
  text: string;
  tone: "done" | "problem";
  onUndo?: () => void;
}

const queue = new ToastQueue<ToastWords>({ maxVisibleToasts: 3 });
const UNDO_MS = 15_000;
const PLAIN_MS = 8_000;

/** Says that something was done; with `onUndo` it offers to take it back for 15 seconds. */
export function sayDone(text: string, onUndo?: () => void) {
  queue.add({ text, tone: "done", onUndo }, { timeout: onUndo ? UNDO_MS : PLAIN_MS });
}

/** Says that something did not work; stays until it is closed. */
export function sayProblem(text: string) {
  queue.add({ text, tone: "problem" });
}

/** Takes back what the newest toast with Undo tells of; false when none stands. */
export function undoLast(): boolean {
  const toast = queue.visibleToasts.find((each) => each.content.onUndo);
  if (!toast) return false;
  toast.content.onUndo?.();
  queue.close(toast.key);
  return true;
}

/** The place where toasts stand; once per window. */
export function ToastRegion() {
  const t = useText();
  return (
    <AriaToastRegion
      queue={queue}
      aria-label={t("ui.notices")}
      className="fixed right-4 bottom-4 z-50 flex w-96 max-w-[calc(100vw-32px)] flex-col gap-2"
    >
      {({ toast }) => (
        <AriaToast
          toast={toast}
          className="float flex items-center gap-3 border-l-4 border-l-ink py-2 pr-2 pl-3"
        >
          <span className={toast.content.tone === "problem" ? "text-problem" : "text-ok"}>
            <Shape name={toast.content.tone === "problem" ? "triangle" : "tick"} size={14} />
          </span>
          <ToastContent className="min-w-0 flex-1">
            <Text slot="title">{toast.content.text}</Text>
          </ToastContent>
          {toast.content.onUndo && (
            <AriaButton
              onPress={() => {
                toast.content.onUndo?.();
                queue.close(toast.key);
              }}
              className="min-h-8 cursor-pointer rounded-control px-3 font-semibold text-accent hover:bg-accent-tint"
            >
              {t("ui.undo")}
            </AriaButton>
          )}
          <AriaButton
            slot="close"
            aria-label={t("ui.close")}
            className="flex size-8 cursor-pointer items-center justify-center rounded-control text-soft hover:bg-hover"
          >
            <X className="size-4" aria-hidden="true" />
          </AriaButton>
        </AriaToast>
      )}
    </AriaToastRegion>
  );
}
