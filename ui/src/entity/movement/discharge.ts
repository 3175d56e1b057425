/** What is typed into a discharge, and the fields of the encounter it makes: only those that belong to its reason. */
import type { Moment } from "./moment";

/** The field that says when a patient died. */
export const DIED = "encounter.died_at";

/** What is typed. */
export interface Discharge {
  when: Moment | null;
  reason: string | null;
  /** A facility of the list, or the name of another. */
  referred_to: string | null;
  referred_to_name: string;
  died: Moment | null;
  confirmed_by: string;
  notes: string;
  clean: boolean;
}

/** Before anything was typed. */
export const UNTOUCHED: Discharge = {
  when: null,
  reason: null,
  referred_to: null,
  referred_to_name: "",
  died: null,
  confirmed_by: "",
  notes: "",
  clean: true,
};

/** The encounter's fields; a blank is left out. */
export function fieldsOf(typed: Discharge, died_at: number | null): Record<string, unknown> {
  const referral = { referred_to: typed.referred_to, referred_to_name: typed.referred_to_name.trim() };
  const death = { died_at, death_confirmed_by: typed.confirmed_by.trim() };
  const fields = {
    discharge_reason: typed.reason,
    discharge_notes: typed.notes.trim(),
    ...(typed.reason === "referred" ? referral : {}),
    ...(typed.reason === "expired" ? death : {}),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== ""));
}
