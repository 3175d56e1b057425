/** The rules of a stock movement: which fields it has and what is sent. Quantities are decimals as text. */
import type { DraftIn } from "../../backend-context";
import { readNumber } from "../../components/readNumber";
import type { ShapeName } from "../../components/Shape";
import type { Tone } from "../../components/Tone";
import type { StockLine } from "../../generated/wire";

/** What is done on the ward; transfers between facilities are only corrected here. */
export const MOVEMENTS = ["receive", "issue", "return", "write_off", "count"] as const;

/** What is typed: the entry's fields by name. */
export type Sheet = Record<string, string | null>;

const FIELDS: Record<string, readonly string[]> = {
  receive: ["quantity", "batch", "expiry", "supplier", "note"],
  issue: ["quantity", "ward", "batch", "note"],
  return: ["quantity", "ward", "batch", "expiry", "note"],
  write_off: ["quantity", "reason", "batch", "expiry", "note"],
  count: ["counted", "note"],
};
const TRANSFER = ["quantity", "other_facility", "batch", "expiry", "note"];

/** The fields a movement asks for, in their order. */
export function fieldsOf(movement: string): readonly string[] {
  return FIELDS[movement] ?? TRANSFER;
}

/** The fields of a new entry: those of its movement that were given; a count says what was expected. */
export function entryOf(sheet: Sheet, expected: string, at: number): Record<string, unknown> {
  const movement = sheet.movement ?? "receive";
  const given = fieldsOf(movement).flatMap((field) => {
    const value = sheet[field]?.trim();
    return value ? [[field, value] as const] : [];
  });
  const fields: Record<string, unknown> = { item: sheet.item, movement, at, ...Object.fromEntries(given) };
  if (movement === "count") fields.expected = expected;
  return fields;
}

/** The entry that was wrong is voided and the one that replaces it names it, in one save. */
export function correctionOf(entry: string, reason: string, fields: Record<string, unknown>): DraftIn[] {
  return [voidOf(entry, reason), { kind: "stock_entry", id: null, fields: { ...fields, amends: entry } }];
}

/** An entry marked as entered in error. */
export function voidOf(entry: string, reason: string): DraftIn {
  return { kind: "stock_entry", id: entry, fields: { voided: "yes", void_reason: reason.trim() } };
}

/** A decimal as thousandths; null when it is none. */
export function thousandths(quantity: string | null | undefined): number | null {
  const reading = readNumber(quantity ?? "", 3);
  return reading.kind === "number" ? reading.scaled : null;
}

/** How an item stands. */
export function standOf(line: StockLine): { word: string; shape: ShapeName; tone: Tone } {
  if ((thousandths(line.balance) ?? 0) < 0) return { word: "below_zero", shape: "cross", tone: "problem" };
  if (line.low) return { word: "low", shape: "triangle", tone: "problem" };
  if (line.minimum === null) return { word: "no_minimum", shape: "ring", tone: "neutral" };
  return { word: "enough", shape: "tick", tone: "ok" };
}

/** The first and the last day of a period that ends today. */
export function periodOf(choice: string, today: string): { from: string; to: string } {
  if (choice === "month") return { from: `${today.slice(0, 8)}01`, to: today };
  const from = new Date(Date.parse(`${today}T00:00:00Z`) - 29 * 86_400_000);
  return { from: from.toISOString().slice(0, 10), to: today };
}
