/** The words of lists that movements offer, most used first; labels are `code.<list>.<word>`. */
import { CODES } from "../../generated/entities";

/** The words of a list in its own order. */
export function wordsOf(list: string): readonly string[] {
  return (CODES as Record<string, readonly { word: string }[]>)[list]?.map((code) => code.word) ?? [];
}

export const CATEGORIES = wordsOf("category");
export const ROUTES = wordsOf("route");
export const DECISIONS = wordsOf("decision");
export const DISCHARGE_REASONS = wordsOf("discharge_reason");
export const SYMPTOMS = wordsOf("symptom").filter((word) => word !== "vomiting_or_diarrhoea");
