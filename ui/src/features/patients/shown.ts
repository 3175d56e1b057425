/** One plain value of a field in words, by its description; null when there is nothing. */
import { ENTITIES, type Kind } from "../../generated/entities";
import type { useFormat, useText } from "../../i18n/useText";

/** The words. References are left to pages that know the record. */
export function shown(
  kind: Kind,
  name: string,
  value: unknown,
  t: ReturnType<typeof useText>,
  format: ReturnType<typeof useFormat>,
): string | null {
  if (value === null || value === undefined || value === "") return null;
  const shape = ENTITIES[kind].fields.find((field) => field.name === name)?.shape;
  const unit = ENTITIES[kind].fields.find((field) => field.name === name)?.unit;
  const withUnit = (text: string) => (unit ? `${text} ${unit}` : text);
  switch (shape?.type) {
    case "code":
      return t(`code.${shape.list}.${String(value)}`);
    case "codes":
      return Array.isArray(value)
        ? value.map((word) => t(`code.${shape.list}.${String(word)}`)).join(", ")
        : null;
    case "date":
      return format.date(String(value));
    case "time":
      return format.dateTime(Number(value));
    case "ref":
      return null;
    default:
      return withUnit(String(value));
  }
}
