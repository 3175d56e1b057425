/** Around items that vanish when they are dealt with: the focus goes on to what takes their place, so that a keyboard never stands nowhere. */
import { type ReactNode, useEffect, useRef } from "react";

/** Each item inside is an `article` that can be focused. */
export function KeepsFocus({ children }: { children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => (box.current ? keepFocus(box.current) : undefined), []);
  return (
    <div ref={box} tabIndex={-1} className="rounded-panel outline-offset-4">
      {children}
    </div>
  );
}

/** What had the focus, and the items as they stood then. */
interface Place {
  focused: Element;
  item: HTMLElement;
  items: readonly HTMLElement[];
}

/** Watches the items until what it answers is called. */
function keepFocus(box: HTMLElement): () => void {
  let last: Place | null = null;
  let frame = 0;
  const note = ({ target }: FocusEvent) => {
    const item = target instanceof Element ? target.closest<HTMLElement>("article") : null;
    last = item && { focused: target as Element, item, items: [...box.querySelectorAll("article")] };
  };
  const goOn = () => {
    if (!last || last.focused.isConnected || !isNowhere()) return;
    (successor(last) ?? box).focus();
  };
  const watch = new MutationObserver(() => {
    goOn();
    // What lies under a dialog cannot be focused before the dialog is wholly gone.
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(goOn);
  });
  box.addEventListener("focusin", note);
  watch.observe(box, { childList: true, subtree: true });
  return () => {
    box.removeEventListener("focusin", note);
    watch.disconnect();
    cancelAnimationFrame(frame);
  };
}

/** The item itself while it is there, else the next, else the one before it. */
function successor({ item, items }: Place): HTMLElement | undefined {
  const at = items.indexOf(item);
  const after = items.slice(at).find((each) => each.isConnected);
  return after ?? items.slice(0, at).findLast((each) => each.isConnected);
}

function isNowhere(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}
