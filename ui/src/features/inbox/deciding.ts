/** The rules of the inbox: what a decision sends. */
import { ENTITIES, type Kind } from "../../generated/entities";
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

/** Of a registration, what tells two people apart. */
const WHO = [
  "local_name",
  "gender",
  "birth_date",
  "birth_year",
  "phone",
  "hospital_number",
  "abha",
  "village",
  "address",
  "blood_group",
  "allergies",
];

/** The fields to compare: the figures of two entries, or what tells two registrations apart. */
export function comparedOf(records: readonly { kind: string; fields: Record<string, unknown> }[]): string[] {
  const kind = records[0]?.kind ?? "";
  if (!(kind in ENTITIES) || (kind !== "triage" && kind !== "patient")) return [];
  const figures = ENTITIES[kind as Kind].fields.filter((field) => field.shape.type === "int");
  const names = kind === "patient" ? WHO : figures.map((field) => field.name);
  return names.filter((name) => records.some((record) => (record.fields[name] ?? null) !== null));
}
