/** Reads a number as people type it. A blank is a blank, never 0; a decimal becomes a scaled integer, never a float. */

/** What was typed, understood: `36.8` with one place is 368. */
export type NumberReading =
  | { kind: "number"; scaled: number }
  | { kind: "blank" }
  | { kind: "problem"; code: "not_a_number" | "too_many_places" };

/** Reads what was typed, with so many places after the point. Grouping commas are allowed. */
export function readNumber(typed: string, places = 0): NumberReading {
  const text = typed.trim().replaceAll(/[,\s]/g, "").replace("−", "-");
  if (text === "") return { kind: "blank" };
  const found = /^(-?)(\d{0,12})(?:\.(\d*))?$/.exec(text);
  const whole = found?.[2] ?? "";
  const rest = found?.[3] ?? "";
  if (!found || whole + rest === "") return { kind: "problem", code: "not_a_number" };
  const kept = rest.replace(/0+$/, "");
  if (kept.length > places) return { kind: "problem", code: "too_many_places" };
  const size = Number(whole || "0") * 10 ** places + Number(kept.padEnd(places, "0") || "0");
  return { kind: "number", scaled: found[1] && size !== 0 ? -size : size };
}

/** How a scaled integer stands in its field: `368` with one place is `36.8`; null is blank. */
export function writtenNumber(scaled: number | null, places = 0): string {
  if (scaled === null) return "";
  const unit = 10 ** places;
  const size = Math.abs(scaled);
  const rest = places > 0 ? `.${String(size % unit).padStart(places, "0")}` : "";
  return `${scaled < 0 ? "-" : ""}${Math.trunc(size / unit)}${rest}`;
}
