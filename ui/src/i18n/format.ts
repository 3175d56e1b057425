/** How dates, times, ages and numbers are written: `20-Nov-2026`, `13:05`, `62 y`, `12,34,567`. Never the operating system's own order. */
import type { Language } from "../preferences";
import { there } from "../zone";

/** Words by key; the formatter borrows them so that it stays pure. */
export type Words = (key: string, values?: Record<string, string | number>) => string;
/** A day as `2026-11-20`, or a moment in UTC milliseconds. */
export type When = string | number;

/** Everything that turns a value into what a person reads. A missing value reads "Not recorded", never blank. */
export interface Format {
  date(when: When | null | undefined): string;
  /** `20 November 2026`, for print and screen readers. */
  dateLong(when: When | null | undefined): string;
  time(moment_ms: number | null | undefined): string;
  dateTime(moment_ms: number | null | undefined): string;
  /** `20-Nov`, only where the year is plain, such as a chart axis. */
  dayMonth(when: When): string;
  age(born: string | null | undefined, on: When): string;
  /** `5 min ago`. */
  ago(moment_ms: number, now_ms: number): string;
  /** `as of 13:05`, with the date when it is not today. */
  asOf(moment_ms: number | null | undefined, now_ms: number): string;
  number(value: number | null | undefined): string;
  /** A scaled integer: `decimal(368, 1)` reads `36.8`. */
  decimal(scaled: number | null | undefined, places: number): string;
  /** `+3`, `−2`, `±0`. */
  delta(value: number): string;
  percent(share: number | null | undefined): string;
}

const DAY_MS = 86_400_000;
const pad = (n: number) => String(n).padStart(2, "0");

/** Makes the formatter of a language. */
export function createFormat(language: Language, words: Words): Format {
  // American English has the three-letter months the house style asks for ("Sep", where en-IN says "Sept").
  const monthLocale = language === "ml" ? "ml-IN" : "en-US";
  const shortMonth = new Intl.DateTimeFormat(monthLocale, {
    month: "short",
    day: "numeric",
    timeZone: "UTC",
  });
  const longMonth = new Intl.DateTimeFormat(monthLocale, { month: "long", day: "numeric", timeZone: "UTC" });
  const grouped = new Intl.NumberFormat("en-IN", { maximumFractionDigits: 0 });
  const missing = () => words("common.not_recorded");
  const month = (day: Day, form: Intl.DateTimeFormat) =>
    form
      .formatToParts(Date.UTC(day.year, day.month - 1, day.day))
      .find((part) => part.type === "month")
      ?.value.replace(/\.$/, "") ?? pad(day.month);

  const dayMonth = (when: When) => {
    const day = dayOf(when);
    return `${pad(day.day)}-${month(day, shortMonth)}`;
  };
  const date = (when: When | null | undefined) =>
    when == null ? missing() : `${dayMonth(when)}-${dayOf(when).year}`;
  const time = (moment_ms: number | null | undefined) => {
    if (moment_ms == null) return missing();
    const at = there(moment_ms);
    return `${pad(at.getUTCHours())}:${pad(at.getUTCMinutes())}`;
  };
  const number = (value: number | null | undefined) =>
    value == null ? missing() : grouped.format(value).replace("-", "−");

  return {
    date,
    dayMonth,
    time,
    number,
    dateLong(when) {
      if (when == null) return missing();
      const day = dayOf(when);
      return `${day.day} ${month(day, longMonth)} ${day.year}`;
    },
    dateTime: (moment_ms) => (moment_ms == null ? missing() : `${date(moment_ms)} ${time(moment_ms)}`),
    age: (born, on) => (born == null ? missing() : ageBetween(dayOf(born), dayOf(on), words)),
    ago: (moment_ms, now_ms) => agoIn(now_ms - moment_ms, words),
    asOf(moment_ms, now_ms) {
      if (moment_ms == null) return words("format.as_of_never");
      const sameDay = date(moment_ms) === date(now_ms);
      return words("format.as_of", {
        when: sameDay ? time(moment_ms) : `${date(moment_ms)} ${time(moment_ms)}`,
      });
    },
    decimal(scaled, places) {
      if (scaled == null) return missing();
      const unit = 10 ** places;
      const whole = Math.trunc(Math.abs(scaled) / unit);
      const rest = String(Math.abs(scaled) % unit).padStart(places, "0");
      return `${scaled < 0 ? "−" : ""}${grouped.format(whole)}${places > 0 ? `.${rest}` : ""}`;
    },
    delta: (value) => (value === 0 ? "±0" : value > 0 ? `+${number(value)}` : number(value)),
    percent: (share) => (share == null ? missing() : `${Math.round(share * 100)}%`),
  };
}

interface Day {
  year: number;
  month: number;
  day: number;
}

/** A day without a clock; a moment is read by the facility's. */
export function dayOf(when: When): Day {
  if (typeof when === "number") {
    const at = there(when);
    return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
  }
  const [year = 0, month = 1, day = 1] = when.split("-").map(Number);
  return { year, month, day };
}

/** Adults in years, children in years and months, infants in months, weeks or days, as ward notes do. */
function ageBetween(born: Day, on: Day, words: Words): string {
  const beforeBirthday = on.month < born.month || (on.month === born.month && on.day < born.day);
  const years = on.year - born.year - (beforeBirthday ? 1 : 0);
  const months = (on.year - born.year) * 12 + (on.month - born.month) - (on.day < born.day ? 1 : 0);
  const days = Math.round(
    (Date.UTC(on.year, on.month - 1, on.day) - Date.UTC(born.year, born.month - 1, born.day)) / DAY_MS,
  );
  if (days < 0) return words("common.not_recorded");
  if (days < 28) return words("format.age_days", { count: days });
  if (years < 1) return words("format.age_weeks", { count: Math.floor(days / 7) });
  if (years < 2) return words("format.age_months", { count: months });
  if (years < 12 && months % 12 > 0) {
    return words("format.age_years_months", { years, months: months % 12 });
  }
  return words("format.age_years", { count: years });
}

function agoIn(elapsed_ms: number, words: Words): string {
  const minutes = Math.floor(elapsed_ms / 60_000);
  if (minutes < 1) return words("format.ago_now");
  if (minutes < 60) return words("format.ago_minutes", { count: minutes });
  if (minutes < 48 * 60) return words("format.ago_hours", { count: Math.floor(minutes / 60) });
  return words("format.ago_days", { count: Math.floor(minutes / 1440) });
}
