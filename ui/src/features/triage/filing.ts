/** The rules of the triage form: which figures, what is proposed, what is sent. A blank is a blank, never 0. */
import type { DraftIn } from "../../backend-context";
import type { ShapeName } from "../../components/Shape";
import type { Tone } from "../../components/Tone";
import { ENTITIES } from "../../generated/entities";
import type { FilingState, TriageDay, TriageForm } from "../../generated/wire";

/** The shifts of a day, in their order. */
export const SHIFTS = ["morning", "evening", "night"] as const;

/** Where a shift is filed. */
export function shiftAddress(shift: { day: string; shift: string }): string {
  return `/triage?day=${shift.day}&shift=${shift.shift}`;
}

/** The counts of an entry in reading order. */
export const COUNTS: readonly string[] = ENTITIES.triage.fields
  .filter((field) => field.shape.type === "int")
  .map((field) => field.name);

/** The sign of each state. */
export const STATE_LOOK: Record<FilingState, { shape: ShapeName; tone: Tone }> = {
  open: { shape: "ring", tone: "neutral" },
  missing: { shape: "triangle", tone: "problem" },
  filed: { shape: "tick", tone: "ok" },
  late: { shape: "half", tone: "watch" },
  corrected: { shape: "diamond", tone: "info" },
  twice: { shape: "cross", tone: "problem" },
};

/** What is typed and not yet filed. */
export interface Sheet {
  counts: Record<string, number | null>;
  note: string;
  /** The entry that is being corrected. */
  amends: string | null;
}

/** A sheet nobody has written on. */
export const BLANK_SHEET: Sheet = { counts: {}, note: "", amends: null };

/** An entry as the desk gives it. */
export type Entry = Record<string, unknown>;

/** A sheet that corrects an entry begins with its figures. */
export function correctionOf(entry: Entry): Sheet {
  const counts = Object.fromEntries(COUNTS.map((field) => [field, countOf(entry, field)]));
  return { counts, note: typeof entry.note === "string" ? entry.note : "", amends: String(entry.id) };
}

/** A count of an entry; null when it was left blank. */
export function countOf(entry: Entry, field: string): number | null {
  const value = entry[field];
  return typeof value === "number" ? value : null;
}

/** Whether anything stands on the sheet. */
export function isWritten(sheet: Sheet): boolean {
  return sheet.note.trim() !== "" || Object.values(sheet.counts).some((count) => count !== null);
}

/** Which sheet the person is at, and what else stands. */
export type Place =
  | { at: "new"; sheet: Sheet }
  | { at: "correcting"; sheet: Sheet; standing: Entry }
  | { at: "filed"; standing: Entry; begun: Sheet | null }
  | { at: "twice"; standing: Entry[] };

/** Follows from what stands in the records and what was typed; someone else may file meanwhile. */
export function placeOf(form: TriageForm, sheet: Sheet | null): Place {
  const [standing, ...others] = form.standing;
  if (!standing) return { at: "new", sheet: { ...(sheet ?? BLANK_SHEET), amends: null } };
  if (others.length > 0) return { at: "twice", standing: form.standing };
  if (sheet?.amends === standing.id && sheet) return { at: "correcting", sheet, standing };
  return { at: "filed", standing, begun: sheet && isWritten(sheet) ? sheet : null };
}

/** What is sent: the figures that were given, nothing for a blank. */
export function draftOf(sheet: Sheet, facility: string, day: string, shift: string): DraftIn {
  const given = COUNTS.flatMap((field) => {
    const count = sheet.counts[field];
    return count === null || count === undefined ? [] : [[field, count] as const];
  });
  const fields: Record<string, unknown> = { facility, day, shift, ...Object.fromEntries(given) };
  if (sheet.note.trim() !== "") fields.note = sheet.note.trim();
  if (sheet.amends !== null) fields.amends = sheet.amends;
  return { kind: "triage", id: null, fields };
}

/** The proposals that a blank still waits for; a figure that was typed stays. */
export function takeAll(sheet: Sheet, form: TriageForm): Sheet {
  const counts = { ...sheet.counts };
  for (const { field, value } of form.proposals) counts[field] ??= value;
  return { ...sheet, counts };
}

/** How many shifts of the month are due, and how many of them stand filed. */
export function tallyOf(days: readonly TriageDay[]) {
  const states = days.flatMap((day) => day.shifts.map((shift) => shift.state));
  const count = (state: FilingState) => states.filter((each) => each === state).length;
  const due = states.length - count("open");
  return { due, filed: due - count("missing"), missing: count("missing"), twice: count("twice") };
}

/** The weeks of a month that have begun, Monday first; null where the month has no day. */
export function weeksOf(days: readonly TriageDay[], today: string): (TriageDay | null)[][] {
  const first = days[0];
  if (!first) return [];
  const before = (new Date(`${first.day}T00:00:00Z`).getUTCDay() + 6) % 7;
  const all: (TriageDay | null)[] = [...Array<null>(before).fill(null), ...days];
  while (all.length % 7 > 0) all.push(null);
  const weeks = Array.from({ length: all.length / 7 }, (_, week) => all.slice(week * 7, week * 7 + 7));
  return weeks.filter((week) => week.some((day) => day !== null && day.day <= today));
}

/** The first day of the month so many months away. */
export function monthAway(day: string, months: number): string {
  const [year = 0, month = 1] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10);
}
