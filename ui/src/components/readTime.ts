/** Reads a time as people type it: `1305`, `13:05`, `9`, `905`, `1.05pm`, `now`. Pure; now is an argument. */

/** What was typed, understood: minutes after midnight. */
export type TimeReading =
  | { kind: "time"; minutes: number }
  | { kind: "blank" }
  | { kind: "problem"; code: "not_a_time" };

const NOW = new Set(["now", "n", "ഇപ്പോൾ"]);

/** Reads what was typed; `nowMinutes` is what `now` and `-10` mean. */
export function readTime(typed: string, nowMinutes: number): TimeReading {
  const text = typed.trim().toLowerCase();
  if (text === "") return { kind: "blank" };
  if (NOW.has(text)) return { kind: "time", minutes: nowMinutes };
  if (/^-\d{1,3}$/.test(text)) return { kind: "time", minutes: (nowMinutes + Number(text) + 1440) % 1440 };
  const found =
    /^(\d{1,2})[:.](\d{2})\s*(am|pm)?$/.exec(text) ?? /^(\d{1,2}?)(\d{2})?\s*(am|pm)?$/.exec(text);
  if (!found) return { kind: "problem", code: "not_a_time" };
  const half = found[3];
  const typedHour = Number(found[1]);
  const minute = Number(found[2] ?? 0);
  if (half && (typedHour < 1 || typedHour > 12)) return { kind: "problem", code: "not_a_time" };
  const hour = half ? (typedHour % 12) + (half === "pm" ? 12 : 0) : typedHour;
  return hour < 24 && minute < 60
    ? { kind: "time", minutes: hour * 60 + minute }
    : { kind: "problem", code: "not_a_time" };
}

/** `785` reads `13:05`. */
export function clock(minutes: number): string {
  const pad = (n: number) => String(n).padStart(2, "0");
  return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}
