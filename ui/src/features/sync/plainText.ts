/** A plain value of a field as a person reads it, without looking up other records. */
import { ENTITIES, type Kind } from "../../generated/entities";
import type { Format } from "../../i18n/format";
import type { Text } from "../../i18n/useText";

/** The value in words; what this version does not know stands as it came. */
export function plainText(kind: string, field: string, value: unknown, t: Text, format: Format): string {
  if (value === null || value === undefined || value === "") return t("common.not_recorded");
  const described = ENTITIES[kind as Kind]?.fields.find((each) => each.name === field);
  const shape = described?.shape;
  if ((shape?.type === "code" || shape?.type === "codes") && described) {
    const words = Array.isArray(value) ? value : [value];
    return words.map((word) => codeLabel(shape.list, String(word), t)).join(", ");
  }
  if (shape?.type === "date" && typeof value === "string") return format.date(value);
  if (shape?.type === "time" && typeof value === "number") return format.dateTime(value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function codeLabel(list: string, word: string, t: Text): string {
  const key = `code.${list}.${word}`;
  return t.has(key) ? t(key) : word;
}
