/** How a bed's state, a category and a score are told: sign, tone and words. */
import type { ShapeName } from "../../components/Shape";
import type { Tone } from "../../components/Tone";
import type { BedStatus, News2Shown } from "../../generated/wire";

/** Sign and tone of each state. */
export const STATUS_LOOK: Record<BedStatus, { shape: ShapeName; tone: Tone }> = {
  free: { shape: "ring", tone: "ok" },
  occupied: { shape: "square", tone: "info" },
  held: { shape: "half", tone: "watch" },
  cleaning: { shape: "bars", tone: "neutral" },
  blocked: { shape: "cross", tone: "problem" },
};

/** The states in the order of the legend. */
export const STATUSES: readonly BedStatus[] = ["free", "occupied", "held", "cleaning", "blocked"];

/** The tone of a score: the risk bands of NEWS2. */
export function toneOf(news2: News2Shown | null): Tone {
  switch (news2?.risk) {
    case "high":
      return "problem";
    case "medium":
    case "low_medium":
      return "watch";
    default:
      return "neutral";
  }
}

/** The stripe of a category; its first letters stand on the tile, its words in the bed's panel. */
export function stripeOf(category: string | null): string {
  switch (category) {
    case "critical":
      return "border-l-problem";
    case "moderate":
      return "border-l-watch";
    case null:
      return "border-l-line";
    default:
      return "border-l-ok";
  }
}
