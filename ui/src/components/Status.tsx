/** A status: shape, word and colour together. `Tag` is the same in a box. */
import { clsx } from "clsx";
import { Shape, type ShapeName } from "./Shape";
import { TONE_BOX, TONE_INK, type Tone } from "./Tone";

export interface StatusProps {
  shape: ShapeName;
  /** The word; an adjective in sentence case. */
  children: string;
  tone?: Tone;
  /** A sentence rather than a word. */
  isLong?: boolean;
}

/** A status in running text or a table cell. */
export function Status({ shape, children, tone = "neutral", isLong }: StatusProps) {
  return (
    <span
      className={clsx(
        "inline-flex gap-1.5",
        isLong ? "items-baseline" : "items-center whitespace-nowrap",
        TONE_INK[tone],
      )}
    >
      <Shape name={shape} />
      <span className="font-medium">{children}</span>
    </span>
  );
}

/** A status in a box, for headers and tiles; the shape may be left out when the word is a plain fact. */
export function Tag({
  shape,
  children,
  tone = "neutral",
}: {
  shape?: ShapeName;
  children: string;
  tone?: Tone;
}) {
  return (
    <span
      className={clsx(
        "inline-flex min-h-5 items-center gap-1.5 rounded-control border px-1.5 py-px text-small font-medium",
        TONE_BOX[tone],
      )}
    >
      {shape && <Shape name={shape} size={10} />}
      {children}
    </span>
  );
}
