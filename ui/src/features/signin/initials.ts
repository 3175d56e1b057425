/** The letters in a person's round sign. */

const letters = new Intl.Segmenter("ml", { granularity: "grapheme" });

/** The first letter of the first and the last word, as the script writes it: "AT", "രാമേ". */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = words[0];
  const last = words.length > 1 ? words.at(-1) : undefined;
  return [first, last].map((word) => firstLetter(word ?? "")).join("");
}

function firstLetter(word: string): string {
  const [first] = letters.segment(word);
  return first?.segment.toLocaleUpperCase("en") ?? "";
}
