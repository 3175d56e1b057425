/** What a new round takes from earlier ones, and what a correction takes from the round it corrects. Pure. */
import type { Changed } from "../../entity/useRecordForm";
import { ENTITIES } from "../../generated/entities";
import type { EncounterShown, RoundShown } from "../../generated/wire";

/** The value a field was last observed with, and when. */
export interface LastValue {
  value: unknown;
  at: number;
}

/** What belongs to the one round and not to what was observed. */
const OWN = ["amends", "voided", "void_reason"];

/** Every field of a round, as a correction begins with them: also those that no form shows. What amends it is another round. */
export function copyOf({ fields }: RoundShown): Changed {
  const names = ENTITIES.round.fields.map((field) => field.name).filter((name) => !OWN.includes(name));
  return Object.fromEntries(
    names.filter((name) => isThere(fields[name])).map((name) => [name, fields[name]]),
  );
}

/** The newest standing value of a field before `except`, which is the round being corrected. */
export function lastOf(
  rounds: readonly RoundShown[],
  field: string,
  except: RoundShown | null,
): LastValue | null {
  const before = rounds
    .filter((round) => round.corrected_by === null && round.id !== except?.id && isThere(round.fields[field]))
    .filter((round) => except === null || round.at <= except.at)
    .sort((a, b) => b.at - a.at);
  const [newest] = before;
  return newest ? { value: newest.fields[field], at: newest.at } : null;
}

/** The SpO₂ scale of the patient: a doctor sets it once, and it holds for every round after. */
export function scaleOf(encounters: readonly EncounterShown[]): string | null {
  const rounds = encounters.flatMap((each) => each.rounds);
  const last = lastOf(rounds, "spo2_scale", null);
  return typeof last?.value === "string" ? last.value : null;
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}
