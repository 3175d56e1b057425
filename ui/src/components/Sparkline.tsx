/** A tiny line of the last days. It is read aloud as first, last, lowest and highest; gaps stay gaps. */
import { useFormat, useText } from "../i18n/useText";

export interface SparklineProps {
  label: string;
  /** Oldest first; null is a day nobody reported. */
  values: readonly (number | null)[];
  width?: number;
  height?: number;
}

/** A sparkline. */
export function Sparkline({ label, values, width = 120, height = 28 }: SparklineProps) {
  const t = useText();
  const format = useFormat();
  const known = values.filter((value) => value !== null);
  const first = known[0];
  const last = known.at(-1);
  if (first === undefined || last === undefined) {
    return <span className="text-small text-faint">{t("ui.not_reported")}</span>;
  }
  const low = Math.min(...known);
  const high = Math.max(...known);
  const x = (index: number) => 3 + (index * (width - 6)) / Math.max(1, values.length - 1);
  const y = (value: number) => height - 4 - ((value - low) * (height - 8)) / Math.max(1, high - low);
  const end = values.lastIndexOf(last);
  return (
    <svg
      role="img"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      className="text-series-1"
      aria-label={t("ui.sparkline", {
        label,
        first: format.number(first),
        last: format.number(last),
        low: format.number(low),
        high: format.number(high),
      })}
    >
      <path
        d={path(values, x, y)}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
      <circle cx={x(end)} cy={y(last)} r="2.5" fill="currentColor" />
    </svg>
  );
}

function path(
  values: readonly (number | null)[],
  x: (index: number) => number,
  y: (value: number) => number,
) {
  let pen = "M";
  let drawn = "";
  values.forEach((value, index) => {
    if (value === null) {
      pen = "M";
      return;
    }
    drawn += `${pen}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = "L";
  });
  return drawn;
}
