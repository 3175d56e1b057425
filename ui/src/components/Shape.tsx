/** Small signs that differ in outline, so that a status is told without colour and survives print. */

/** The outlines. */
export type ShapeName =
  | "ring"
  | "disc"
  | "half"
  | "diamond"
  | "triangle"
  | "cross"
  | "square"
  | "tick"
  | "bars";

/** A sign of 12 px; decoration, the word stands beside it. */
export function Shape({ name, size = 12 }: { name: ShapeName; size?: number }) {
  return (
    <svg viewBox="0 0 12 12" width={size} height={size} aria-hidden="true" className="shrink-0">
      {SIGN[name]}
    </svg>
  );
}

const line = { fill: "none", stroke: "currentColor", strokeWidth: 1.75 } as const;
const SIGN = {
  ring: <circle cx="6" cy="6" r="4.5" {...line} />,
  disc: <circle cx="6" cy="6" r="5.4" fill="currentColor" />,
  half: (
    <>
      <circle cx="6" cy="6" r="4.5" {...line} />
      <path d="M6 1.5a4.5 4.5 0 0 1 0 9z" fill="currentColor" />
    </>
  ),
  diamond: <path d="M6 .8 11.2 6 6 11.2.8 6z" fill="currentColor" />,
  triangle: <path d="M6 1 11.5 11H.5z" fill="currentColor" />,
  cross: <path d="m2 2 8 8m0-8-8 8" {...line} strokeWidth={2.25} strokeLinecap="square" />,
  square: <path d="M1 1h10v10H1z" fill="currentColor" />,
  tick: <path d="m1.5 6.5 3 3 6-7" {...line} strokeWidth={2.25} />,
  bars: <path d="M1 3h10M1 6h10M1 9h10" {...line} />,
} as const;
