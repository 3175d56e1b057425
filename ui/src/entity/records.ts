/** Records of a kind as plain fields, the way settings list them. */
import type { UseQueryResult } from "@tanstack/react-query";
import type { BackendProblem } from "../backend";
import { type Seen, useSeen } from "../backend-context";
import type { Kind, ListName } from "../generated/entities";
import type { Text } from "../i18n/useText";

/** A record's plain fields with its id. */
export type Plain = Record<string, unknown> & { id: string };

/** All records of a kind that stand, with the moment they were read at. */
export function useRecords(kind: Kind): UseQueryResult<Seen<Plain[]>, BackendProblem> {
  return useSeen<Plain[]>("records", { kind }, { kinds: [kind] });
}

/** A text field of a record; nothing reads as empty. */
export function textOf(record: Plain, field: string): string {
  const value = record[field];
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

/** The label of a record's code; null when it has none. */
export function wordOf(t: Text, record: Plain, field: string, list: ListName): string | null {
  const word = textOf(record, field);
  return word === "" ? null : t(`code.${list}.${word}`);
}

/** By the order a person gave, then by name as people read it: bed 2 before bed 10. */
export function inOrder(records: readonly Plain[], name: string): Plain[] {
  const places = new Intl.Collator("en", { numeric: true });
  const order = (record: Plain) =>
    typeof record.order === "number" ? record.order : Number.MAX_SAFE_INTEGER;
  return [...records].sort((a, b) => order(a) - order(b) || places.compare(textOf(a, name), textOf(b, name)));
}
