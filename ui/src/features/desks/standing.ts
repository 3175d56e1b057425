/** Where a computer stands: its look, its place in the list, and what can become of it. */
import type { ShapeName } from "../../components/Shape";
import type { Tone } from "../../components/Tone";
import type { DeskAct, DeskShown, DeskState } from "../../generated/wire";

/** How each is drawn. */
export const LOOK: Record<DeskState, { shape: ShapeName; tone: Tone }> = {
  active: { shape: "tick", tone: "ok" },
  forked: { shape: "triangle", tone: "problem" },
  still_about: { shape: "triangle", tone: "problem" },
  to_withdraw: { shape: "half", tone: "watch" },
  to_empty: { shape: "half", tone: "watch" },
  locked_out: { shape: "cross", tone: "problem" },
  replaced: { shape: "ring", tone: "neutral" },
  withdrawn: { shape: "square", tone: "neutral" },
};

/** What can become of it, what loses nothing first. One that is doubled, or replaced, can bring nothing first. */
export const ACTS: Record<DeskState, readonly DeskAct[]> = {
  active: ["withdraw", "lock_out", "empty"],
  forked: ["lock_out", "empty"],
  still_about: ["empty"],
  to_withdraw: ["lock_out", "empty"],
  to_empty: [],
  locked_out: ["withdraw", "empty"],
  replaced: ["empty"],
  withdrawn: [],
};

/** What asks for somebody first, what is over last. */
const PLACES: readonly DeskState[] = [
  "still_about",
  "forked",
  "to_empty",
  "to_withdraw",
  "active",
  "locked_out",
  "replaced",
  "withdrawn",
];

/** The computers in the order in which they are shown; alike ones stay as they are. */
export function inTheirPlaces(desks: readonly DeskShown[]): DeskShown[] {
  return [...desks].sort((a, b) => PLACES.indexOf(a.state) - PLACES.indexOf(b.state));
}

/** Whether the receipt is not the computer's own. */
export function isReceiptForged(desk: DeskShown): boolean {
  return desk.order?.receipt?.is_signed === false;
}

/** Whether it proved that it holds nothing any more. */
export function isEmptied(desk: DeskShown): boolean {
  return desk.order?.receipt?.is_signed === true;
}

/** How many changes of all that a computer holds are missing there; null when it never told. */
export function behindOf(desk: DeskShown): number | null {
  return desk.holds.length === 0 ? null : desk.holds.reduce((sum, held) => sum + held.behind, 0);
}

/** Whether the words stand on it somewhere: its name, its facility, its five words. */
export function isCalled(desk: DeskShown, words: string): boolean {
  const all = [desk.name, desk.facility_name, desk.words.join(" ")].join(" ").toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

/** What is typed before something is destroyed: its name, or the first of its words where it has none. */
export function toType(desk: DeskShown): string {
  return desk.name.trim() || (desk.words[0] ?? "");
}
