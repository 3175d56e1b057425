/** How full something is: a bar, the figures in words, and a pattern when it is nearly full so that colour is not needed. */
import { clsx } from "clsx";
import { Meter } from "react-aria-components";
import { useFormat, useText } from "../i18n/useText";

export interface BarProps {
  label: string;
  used: number;
  /** Null when nobody knows; the bar then says so. */
  total: number | null;
  /** Hides the words when they stand beside it already. */
  wordsAre?: "shown" | "hidden";
}

/** From this share on a ward is called nearly full. */
const NEARLY_FULL = 0.85;

/** An occupancy bar. */
export function Bar({ label, used, total, wordsAre = "shown" }: BarProps) {
  const t = useText();
  const format = useFormat();
  const share = total ? used / total : null;
  const level = share === null ? "unknown" : share >= 1 ? "full" : share >= NEARLY_FULL ? "nearly" : "room";
  const words =
    total === null
      ? t("ui.bar.unknown", { used: format.number(used) })
      : t(`ui.bar.${level === "unknown" ? "room" : level}`, {
          used: format.number(used),
          total: format.number(total),
          percent: format.percent(share ?? 0),
        });
  return (
    <Meter
      aria-label={label}
      value={Math.min(used, total ?? used)}
      maxValue={Math.max(total ?? 1, 1)}
      valueLabel={words}
    >
      <div className="h-2 overflow-hidden rounded-full border border-line bg-sunken">
        <div
          className={clsx(
            "h-full forced-colors:bg-[Highlight]",
            level === "full" && "bar-hatched bg-problem",
            level === "nearly" && "bar-hatched bg-watch",
            (level === "room" || level === "unknown") && "bg-accent",
          )}
          style={{ width: `${Math.min(100, (share ?? 0) * 100)}%` }}
        />
      </div>
      {wordsAre === "shown" && <div className="mt-0.5 text-small text-soft">{words}</div>}
    </Meter>
  );
}
