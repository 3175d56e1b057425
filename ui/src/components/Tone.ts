/** What a colour means. Each tone has a tint to stand on and an ink to be read in. */
export type Tone = "neutral" | "info" | "ok" | "watch" | "problem";

/** Ink and tint of a tone. */
export const TONE_BOX: Record<Tone, string> = {
  neutral: "bg-sunken text-soft border-line",
  info: "bg-accent-tint text-accent border-accent/30",
  ok: "bg-ok-tint text-ok border-ok/30",
  watch: "bg-watch-tint text-watch border-watch/30",
  problem: "bg-problem-tint text-problem border-problem/30",
};

/** The ink alone. */
export const TONE_INK: Record<Tone, string> = {
  neutral: "text-soft",
  info: "text-accent",
  ok: "text-ok",
  watch: "text-watch",
  problem: "text-problem",
};
