/** The rules of the inbox: what a decision sends. */
import type { DraftIn } from "../../backend-context";
import { ENTITIES, type FieldDescription, type Kind } from "../../generated/entities";
import type { FieldConflictShown } from "../../generated/wire";

/** What is asked of the desk to end a conflict with a value. */
export interface Resolve extends Record<string, unknown> {
  kind: string;
  record: string;
  field: string;
  value: unknown;
  as_of: number;
}

/** The chosen value, with the moment of the view in which all values were seen. */
export function resolveOf(conflict: FieldConflictShown, value: unknown, as_of: number): Resolve {
  return { kind: conflict.kind, record: conflict.record, field: conflict.field, value, as_of };
}

/** A record that loses is voided with a reason; the other stands. */
export function voidOf(kind: string, id: string, reason: string): DraftIn {
  return { kind, id, fields: { voided: "yes", void_reason: reason.trim() } };
}

/** The description of a field; null for what this version does not know. */
export function fieldOf(kind: string, name: string): FieldDescription | null {
  if (!(kind in ENTITIES)) return null;
  return ENTITIES[kind as Kind].fields.find((field) => field.name === name) ?? null;
}

/** The figures in which two entries differ, or that both have. */
export function figuresOf(records: readonly { kind: string; fields: Record<string, unknown> }[]): string[] {
  const kind = records[0]?.kind ?? "";
  if (!(kind in ENTITIES)) return [];
  return ENTITIES[kind as Kind].fields
    .filter((field) => field.shape.type === "int")
    .map((field) => field.name)
    .filter((name) => records.some((record) => typeof record.fields[name] === "number"));
}
