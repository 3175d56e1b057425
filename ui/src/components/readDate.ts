/** Reads a date as people type it: `2011`, `20/11`, `201126`, `20 nov`, `today`, `-1`. Pure; today is an argument. */
import { there } from "../zone";

/** Which year a day and month without a year belong to. */
export type YearRule = "nearest" | "past" | "future";

/** What was typed, understood. `blank` is not a problem of reading; whether a blank is allowed the form decides. */
export type DateReading =
  | { kind: "date"; iso: string }
  | { kind: "blank" }
  | { kind: "problem"; code: "not_a_date" | "no_such_day" };

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** Words for days near today, in every language of the window. */
const NEAR: Record<string, number> = {
  today: 0,
  t: 0,
  yesterday: -1,
  y: -1,
  tomorrow: 1,
  ഇന്ന്: 0,
  ഇന്നലെ: -1,
  നാളെ: 1,
};

/** Reads what was typed. Day stands before month, as in India. */
export function readDate(typed: string, todayIso: string, rule: YearRule = "nearest"): DateReading {
  const text = typed.trim().toLowerCase();
  if (text === "") return { kind: "blank" };
  const near = NEAR[text] ?? (/^[+-]\d{1,4}$/.test(text) ? Number(text) : undefined);
  if (near !== undefined) return { kind: "date", iso: shifted(todayIso, near) };

  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  if (iso) return made(Number(iso[3]), Number(iso[2]), Number(iso[1]));

  const parts = split(text);
  if (!parts) return { kind: "problem", code: "not_a_date" };
  const { day, month, year } = parts;
  if (year !== undefined) return made(day, month, fullYear(year, todayIso, rule));
  return withYear(day, month, todayIso, rule);
}

/** The day so many days after `iso`. */
export function shifted(iso: string, days: number): string {
  const [year = 0, month = 1, day = 1] = iso.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, day + days)).toISOString().slice(0, 10);
}

/** Today at the facility, `2026-11-20`. */
export function todayHere(now_ms = Date.now()): string {
  return there(now_ms).toISOString().slice(0, 10);
}

interface Parts {
  day: number;
  month: number;
  year?: string;
}

function split(text: string): Parts | undefined {
  const run = /^(\d{2})(\d{2})(\d{2}|\d{4})?$/.exec(text);
  if (run) return parts(run[1], run[2], run[3]);
  const separated = /^(\d{1,2})[-/. ](\d{1,2})(?:[-/. ](\d{2}|\d{4}))?$/.exec(text);
  if (separated) return parts(separated[1], separated[2], separated[3]);
  const named = /^(\d{1,2})[-/. ]?([a-z]{3,9})\.?(?:[-/., ]+(\d{2}|\d{4}))?$/.exec(text);
  const month = named ? MONTHS.indexOf((named[2] ?? "").slice(0, 3)) + 1 : 0;
  return named && month > 0 ? parts(named[1], String(month), named[3]) : undefined;
}

function parts(day = "", month = "", year?: string): Parts {
  return { day: Number(day), month: Number(month), year };
}

function fullYear(year: string, todayIso: string, rule: YearRule): number {
  if (year.length === 4) return Number(year);
  const century = Math.floor(Number(todayIso.slice(0, 4)) / 100) * 100;
  const guess = century + Number(year);
  const now = Number(todayIso.slice(0, 4));
  return (rule === "past" && guess > now) || guess > now + 20 ? guess - 100 : guess;
}

function withYear(day: number, month: number, todayIso: string, rule: YearRule): DateReading {
  const now = Number(todayIso.slice(0, 4));
  const found = [now - 1, now, now + 1]
    .map((year) => made(day, month, year))
    .filter((reading) => reading.kind === "date")
    .map((reading) => reading.iso)
    .filter((iso) => rule === "nearest" || (rule === "past" ? iso <= todayIso : iso >= todayIso));
  const best = found.sort((a, b) => distance(a, todayIso) - distance(b, todayIso))[0];
  return best ? { kind: "date", iso: best } : { kind: "problem", code: "no_such_day" };
}

function distance(a: string, b: string): number {
  return Math.abs(Date.parse(a) - Date.parse(b));
}

function made(day: number, month: number, year: number): DateReading {
  const at = new Date(Date.UTC(year, month - 1, day));
  const real = at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return real && year >= 1850
    ? { kind: "date", iso: at.toISOString().slice(0, 10) }
    : { kind: "problem", code: "no_such_day" };
}
