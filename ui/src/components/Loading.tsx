/** What is shown while an answer is on its way: nothing jumps when it comes. */
import { clsx } from "clsx";
import { useText } from "../i18n/useText";

/** A small turning ring beside words. */
export function Spinner() {
  return (
    <svg viewBox="0 0 16 16" className="size-4 animate-spin" aria-hidden="true">
      <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="2" opacity="0.3" />
      <path d="M8 2a6 6 0 0 1 6 6" fill="none" stroke="currentColor" strokeWidth="2" />
    </svg>
  );
}

/** Grey lines in the shape of what is coming. */
export function Skeleton({
  lines = 3,
  shape = "text",
}: {
  lines?: number;
  shape?: "text" | "rows" | "tiles";
}) {
  const t = useText();
  const widths = ["w-full", "w-5/6", "w-3/4", "w-2/3"];
  return (
    <div
      role="status"
      aria-label={t("ui.loading")}
      className={clsx(shape === "tiles" && "flex flex-wrap gap-3")}
    >
      {Array.from({ length: lines }, (_, index) => (
        <div
          key={index}
          className={clsx(
            "animate-pulse rounded-control bg-sunken",
            shape === "text" && ["my-2 h-4", widths[index % widths.length]],
            shape === "rows" && "my-1 h-8",
            shape === "tiles" && "h-24 w-56",
          )}
        />
      ))}
    </div>
  );
}
