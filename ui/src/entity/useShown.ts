/** A plain value as a person reads it: words for codes, house style for days and moments. */
import { ENTITIES, type FieldDescription, type Kind } from "../generated/entities";
import { useFormat, useText } from "../i18n/useText";

/** Gives `show(field, value, caption)`; blank reads "Not recorded". */
export function useShown(): (
  field: FieldDescription | null,
  value: unknown,
  caption?: string | null,
) => string {
  const t = useText();
  const format = useFormat();
  return (field, value, caption) => {
    if (value === null || value === undefined || value === "") return t("common.not_recorded");
    if (caption) return caption;
    const shape = field?.shape;
    if (shape?.type === "date") return format.date(String(value));
    if (shape?.type === "time" && typeof value === "number") return format.dateTime(value);
    // A year is no count.
    if (field?.name === "birth_year") return String(value);
    if (shape?.type === "int" && typeof value === "number") return format.number(value);
    if (shape?.type === "code" || shape?.type === "codes") {
      const words = Array.isArray(value) ? value : [value];
      return words
        .map((word) => (t.has(`code.${shape.list}.${word}`) ? t(`code.${shape.list}.${word}`) : String(word)))
        .join(", ");
    }
    return String(value);
  };
}

/** The description of a field; null for what this version does not know. */
export function fieldOf(kind: string, name: string): FieldDescription | null {
  if (!(kind in ENTITIES)) return null;
  return ENTITIES[kind as Kind].fields.find((field) => field.name === name) ?? null;
}
