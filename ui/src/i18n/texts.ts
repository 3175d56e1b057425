/** All words of the window, gathered from this folder and from every `texts.<language>.json`; a missing translation falls back to English, string by string. */
import type { Language } from "../preferences";
import enTexts from "./en.json";
import entitiesMl from "./entities.ml.json";
import mlTexts from "./ml.json";

/** Words by key, such as `beds.title`. */
export type Texts = Record<string, string>;

const folderEn = import.meta.glob<Texts>("../**/texts.en.json", { eager: true, import: "default" });
const folderMl = import.meta.glob<Texts>("../**/texts.ml.json", { eager: true, import: "default" });
/** Labels of kinds, fields and codes: `kind.<kind>`, `field.<kind>.<field>`, `code.<list>.<word>`; written from the descriptions. */
const generatedEn = import.meta.glob<Texts>("../generated/labels.en.json", {
  eager: true,
  import: "default",
});

const en: Texts = { ...merged(generatedEn), ...enTexts, ...merged(folderEn) };
const ml: Texts = { ...entitiesMl, ...mlTexts, ...merged(folderMl) };

/** The words of a language as written, without fallback. */
export function textsOf(language: Language): Texts {
  return language === "ml" ? ml : en;
}

/** The words of a language, English where one is missing. */
export function textsWithFallback(language: Language): Texts {
  return language === "en" ? en : { ...en, ...textsOf(language) };
}

function merged(files: Record<string, Texts>): Texts {
  return Object.assign({}, ...Object.values(files)) as Texts;
}
