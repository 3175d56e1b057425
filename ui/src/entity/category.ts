/** A category as short as is plain, where its whole label has no room. */
import type { Text } from "../i18n/useText";

/** The first words of the label, "Critical", without what it means. */
export function shortCategory(t: Text, word: string): string {
  const label = t(`code.category.${word}`);
  return label.split(" – ")[0] ?? label;
}
