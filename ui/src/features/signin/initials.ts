/** The letters in a person's round sign. */

const letters = new Intl.Segmenter("ml", { granularity: "grapheme" });

/** The first letters of the first and the last word, "AT"; in a script with wide letters the first alone, "രാ". */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = firstLetter(words[0] ?? "");
  const last = firstLetter(words.length > 1 ? (words.at(-1) ?? "") : "");
  return /^\p{Script=Latin}/u.test(first) ? first + last : first;
}

function firstLetter(word: string): string {
  const [first] = letters.segment(word);
  return first?.segment.toLocaleUpperCase("en") ?? "";
}
