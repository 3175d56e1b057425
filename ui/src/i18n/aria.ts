/**
 * React Aria speaks 34 languages, Malayalam not among them. It reads its words from a symbol on the window, once;
 * so we hand it objects whose words are looked up at the moment they are spoken, and switching needs no restart.
 */
import english from "react-aria-components/i18n/en-US";
import type { Language } from "../preferences";
import { malayalamAria } from "./aria.ml";

/** A word of React Aria: plain, or made from values. */
export type AriaWord = string | ((values: Record<string, string | number>, form: AriaForm) => string);
/** What React Aria offers a word while it is made. */
export interface AriaForm {
  plural(count: number, forms: Record<string, string | (() => string)>): string;
  number(value: number): string;
  select(forms: Record<string, string | (() => string)>, value: unknown): string;
}
/** Words by package, then by key. */
export type AriaWords = Record<string, Record<string, AriaWord>>;

let spoken: Language = "en";
const englishWords = english as unknown as AriaWords;

/** Chooses the language React Aria speaks from now on. */
export function speakAria(language: Language) {
  spoken = language;
  const place = globalThis as unknown as Record<symbol, unknown>;
  place[Symbol.for("react-aria.i18n.locale")] ??= "en-US";
  place[Symbol.for("react-aria.i18n.strings")] ??= Object.fromEntries(
    Object.entries(englishWords).map(([name, words]) => [name, living(name, words)]),
  );
}

function living(name: string, words: Record<string, AriaWord>): Record<string, AriaWord> {
  const made: Record<string, AriaWord> = {};
  for (const key of Object.keys(words)) {
    Object.defineProperty(made, key, {
      enumerable: true,
      get: () => (spoken === "ml" ? malayalamAria[name]?.[key] : undefined) ?? words[key],
    });
  }
  return made;
}
