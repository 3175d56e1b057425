/** How good a new password is, in one word; the desk refuses only what is too short. */

/** The least number of characters. */
export const LEAST = 8;

/** From refused to good. */
export type Strength = "short" | "weak" | "fair" | "good";

/** Length counts most; a password of one sign, of figures in a row, or with a name in it is weak. */
export function strengthOf(password: string, names: readonly string[]): Strength {
  const length = [...password].length;
  if (length < LEAST) return "short";
  const lower = password.toLowerCase();
  const hasName = names
    .flatMap((name) => name.toLowerCase().split(/\s+/))
    .some((word) => word.length >= 3 && lower.includes(word));
  const kinds = new Set([...lower]).size;
  if (hasName || kinds < 5 || /^\d+$/.test(password)) return "weak";
  if (/^(?:password|qwerty|welcome|admin|hospital|wardroom)/.test(lower)) return "weak";
  return length >= 14 || (length >= 11 && kinds >= 8) ? "good" : "fair";
}
