/** A long list of large items: the first of them, and a button for more, so that a page of hundreds comes as fast as one of a few. */
import { type ReactNode, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useText } from "../i18n/useText";
import { Button } from "./Button";

const AT_ONCE = 20;

/** Each of the items is an `article` that can be focused. */
export function Portions<Item>({
  items,
  children,
}: {
  items: readonly Item[];
  children: (item: Item) => ReactNode;
}) {
  const t = useText();
  const [most, setMost] = useState(AT_ONCE);
  const list = useRef<HTMLDivElement>(null);
  const showMore = () => {
    flushSync(() => setMost(most + AT_ONCE));
    // Whoever asked for more reads on where it begins.
    list.current?.querySelectorAll<HTMLElement>(":scope > article")[most]?.focus();
  };
  const left = items.length - most;
  return (
    <div ref={list} className="flex flex-col gap-3">
      {items.slice(0, most).map(children)}
      {left > 0 && (
        <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1 text-table text-soft">
          <Button onPress={showMore}>{t("portions.more", { count: Math.min(left, AT_ONCE) })}</Button>
          {t("portions.left", { count: left })}
        </p>
      )}
    </div>
  );
}
