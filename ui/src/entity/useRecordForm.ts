/** The state of a form for one record: only what was typed is kept and saved, each problem stands at its field, what is unusual is asked. */
import { useState } from "react";
import { type DraftIn, useCommand, useSave, whenDone } from "../backend-context";
import type { Kept } from "../draft";
import { ENTITIES, type Kind } from "../generated/entities";
import type { Saved } from "../generated/wire";
import type { Plain } from "./records";
import type { Changed, Unsaved } from "./unsaved";
import { useFaults } from "./useFaults";
import { useSaySaved } from "./useSaySaved";

export type { Changed } from "./unsaved";

export interface RecordFormOptions {
  kind: Kind;
  /** The record as the person saw it; null makes a new one. */
  record: Plain | null;
  /** What a new record has without being typed; asked again when it is saved. */
  given?(): Changed;
  as_of: number;
  draft?: Kept<Unsaved>;
  /** What was typed before and is gone on with. */
  unsaved?: Unsaved | null;
  /** Whether the save can be taken back in the word that follows it: nothing else refers to the record yet. */
  undoes?: boolean;
  /** What else is saved in the same action. */
  also?(fields: Changed): DraftIn[];
  /** An action of the desk that saves a new record in place of a plain save; null when a plain save will do. */
  act?(fields: Changed): { name: string; args: unknown } | null;
  onSaved(id: string | null): void;
}

interface Deed extends Record<string, unknown> {
  name: string;
  args: unknown;
  as_of: number;
  confirmed: string[];
}

/** The form. It keeps the record as it was when it opened: that is what the person changes. */
export function useRecordForm(options: RecordFormOptions) {
  const saySaved = useSaySaved();
  const { kind, draft, unsaved } = options;
  const [{ record, as_of }] = useState({
    record: options.record,
    as_of: unsaved?.as_of ?? options.as_of,
  });
  const [changed, setChanged] = useState<Changed>(unsaved?.changed ?? {});
  const plain = useSave();
  const deed = useCommand<Deed, Saved>("act");
  const save = deed.isPending || deed.error ? deed : plain;
  const { typed, tried, isUntyped, ...faults } = useFaults(kind, save.error);
  const given = () => (record ? {} : (options.given?.() ?? {}));
  const before = (field: string) => (record ? record[field] : given()[field]);
  return {
    kind,
    /** What a new record would hold, or what was changed of one that exists. */
    fields: (): Changed => ({ ...given(), ...changed }),
    ...faults,
    isPending: save.isPending,
    /** Whether something would be lost. */
    isTyped: Object.keys(changed).length > 0 || isUntyped,
    valueOf: (field: string) => (field in changed ? changed[field] : before(field)),
    /** `undefined` leaves the field as it was, null makes it blank. */
    change(field: string, value: unknown, problem?: string) {
      typed(field, problem);
      const { [field]: _, ...rest } = changed;
      const isBack = value === undefined || isSame(before(field), value);
      const after = isBack ? rest : { ...rest, [field]: value };
      setChanged(after);
      if (Object.keys(after).length > 0) draft?.keep({ typed_at: Date.now(), as_of, changed: after });
      else draft?.forget();
    },
    /** Drops what was typed. */
    throwAway: () => draft?.forget(),
    send() {
      if (save.isPending) return;
      tried();
      if (isUntyped) return;
      const fields = record ? changed : withoutBlanks({ ...given(), ...changed });
      if (record && Object.keys(fields).length === 0) {
        draft?.forget();
        return options.onSaved(record.id);
      }
      // Who has left the form meanwhile is told, and led nowhere.
      const here = { onSuccess: (saved: Saved) => options.onSaved(saved.ids[0] ?? null) };
      const tell = (saved: Saved) => {
        saySaved(options.undoes ? saved.action : null);
        draft?.forget();
      };
      const act = options.act?.(fields);
      deed.reset();
      if (act) return whenDone(deed.mutateAsync({ ...act, as_of, confirmed: faults.confirmed }, here), tell);
      const drafts = [{ kind, id: record?.id ?? null, fields }, ...(options.also?.(fields) ?? [])];
      whenDone(plain.mutateAsync({ drafts, as_of, confirmed: faults.confirmed }, here), tell);
    },
  };
}

/** The form as fields take it. */
export type RecordForm = ReturnType<typeof useRecordForm>;

/** The descriptions of the fields asked, in the order asked. */
export function described(kind: Kind, names: readonly string[]) {
  return names.flatMap((name) => ENTITIES[kind].fields.find((field) => field.name === name) ?? []);
}

/** What really holds something. */
export function withoutBlanks(fields: Changed): Changed {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  );
}

function isSame(before: unknown, after: unknown): boolean {
  return JSON.stringify(before ?? null) === JSON.stringify(after ?? null);
}
