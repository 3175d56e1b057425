/** The state of a form for one record: only what was changed is saved, each problem stands at its field, what is unusual is asked, and what was typed survives a lock. */
import { useState } from "react";
import { useSave } from "../backend-context";
import type { FormError } from "../components/ErrorSummary";
import { useProblemWords } from "../components/Loaded";
import type { Kept } from "../draft";
import { ENTITIES, type Kind } from "../generated/entities";
import type { Plain } from "./records";
import { useSaySaved } from "./useSaySaved";

/** Only the fields that were changed, as plain values. */
export type Changed = Record<string, unknown>;

export interface RecordFormOptions {
  kind: Kind;
  /** The record as the person saw it; null makes a new one. */
  record: Plain | null;
  /** What a new record has without being asked. */
  given?: Changed;
  as_of: number;
  draft?: Kept<Changed>;
  /** Whether the save can be taken back in the word that follows it: nothing else refers to the record yet. */
  undoes?: boolean;
  onSaved(id: string | null): void;
}

/** The form. It keeps the record as it was when it opened: that is what the person changes. */
export function useRecordForm(options: RecordFormOptions) {
  const saySaved = useSaySaved();
  const words = useProblemWords();
  const { kind, draft } = options;
  const [{ record, as_of }] = useState({ record: options.record, as_of: options.as_of });
  const [changed, setChanged] = useState<Changed>({ ...(record ? {} : options.given), ...draft?.kept });
  const [untyped, setUntyped] = useState<Record<string, string>>({});
  const [confirmed, setConfirmed] = useState<string[]>([]);
  const [attempt, setAttempt] = useState(0);
  const save = useSave();
  const problems = save.error?.problems ?? [];
  const errors: FormError[] = [
    ...Object.entries(untyped).map(([field, text]) => ({ field: idOf(kind, field), text })),
    ...problems
      .filter((problem) => !confirmed.includes(problem.field))
      .map((problem) => ({ field: idOf(kind, problem.field), text: words.line(problem) })),
  ];
  const leave = (id: string | null) => {
    draft?.forget();
    options.onSaved(id);
  };
  return {
    kind,
    changed,
    errors,
    attempt: attempt + problems.length,
    problems,
    confirmed,
    setConfirmed,
    isPending: save.isPending,
    /** What went wrong other than in a field. */
    failure: save.error && save.error.code !== "problems" ? save.error : null,
    valueOf: (field: string) => (field in changed ? changed[field] : record?.[field]),
    errorOf(field: string) {
      const problem = problems.find((each) => each.field === field && !confirmed.includes(field));
      return untyped[field] ?? (problem && words.sentence(problem));
    },
    change(field: string, value: unknown, problem?: string) {
      setUntyped(({ [field]: _, ...rest }) => (problem ? { ...rest, [field]: problem } : rest));
      setConfirmed((all) => all.filter((each) => each !== field));
      const { [field]: _, ...rest } = changed;
      const isBack = record !== null && isSame(record[field], value);
      const after = isBack ? rest : { ...rest, [field]: value };
      setChanged(after);
      draft?.keep(after);
    },
    leave: () => leave(null),
    send() {
      setAttempt(attempt + 1);
      if (Object.keys(untyped).length > 0) return;
      if (Object.keys(changed).length === 0) return leave(record?.id ?? null);
      save.mutate(
        { drafts: [{ kind, id: record?.id ?? null, fields: changed }], as_of, confirmed },
        {
          onSuccess: (saved) => {
            saySaved(options.undoes ? saved.action : null);
            leave(saved.ids[0] ?? null);
          },
        },
      );
    },
  };
}

/** The form as fields take it. */
export type RecordForm = ReturnType<typeof useRecordForm>;

/** The id of a field's input. */
export function idOf(kind: Kind, field: string): string {
  return `${kind}.${field}`;
}

/** The descriptions of the fields asked, in the order asked. */
export function described(kind: Kind, names: readonly string[]) {
  return names.flatMap((name) => ENTITIES[kind].fields.find((field) => field.name === name) ?? []);
}

function isSame(before: unknown, after: unknown): boolean {
  return JSON.stringify(before ?? null) === JSON.stringify(after ?? null);
}
