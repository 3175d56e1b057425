/** A form for one record of any kind: only what was changed is saved, and each problem stands at its field. */
import { useId, useState } from "react";
import { type BackendProblem, problemFrom } from "../../backend";
import { useSave } from "../../backend-context";
import { Button } from "../../components/Button";
import { Checkbox } from "../../components/Checkbox";
import { Dialog } from "../../components/Dialog";
import { ErrorSummary, type FormError } from "../../components/ErrorSummary";
import { ProblemBanner, useProblemWords } from "../../components/Loaded";
import { sayDone } from "../../components/Toast";
import { type Kept, useDraft } from "../../draft";
import { ENTITIES, type Kind } from "../../generated/entities";
import { useFormat, useText } from "../../i18n/useText";
import { PlainField } from "./PlainField";
import type { Plain } from "./records";

export interface RecordDialogProps {
  title: string;
  kind: Kind;
  /** The fields that are asked, in their order. */
  fields: readonly string[];
  /** The record as the person saw it; null makes a new one. */
  record: Plain | null;
  /** What a new record has without being asked: its facility, its ward. */
  given?: Record<string, unknown>;
  as_of: number;
  onClose(): void;
}

/** Only the fields that were changed, as plain values. */
type Changed = Record<string, unknown>;

/** The form in a dialog. What was typed before a lock comes back. */
export function RecordDialog(props: RecordDialogProps) {
  const given = Object.values(props.given ?? {}).join("+");
  const draft = useDraft<Changed>(`settings/${props.kind}/${props.record?.id ?? `new/${given}`}`);
  return draft.kept === undefined ? null : <RecordForm {...props} draft={draft} />;
}

/** The form itself. It keeps the record as it was when it opened: that is what the person changes. */
function RecordForm({ draft, ...props }: RecordDialogProps & { draft: Kept<Changed> }) {
  const t = useText();
  const format = useFormat();
  const words = useProblemWords();
  const [{ record, as_of }] = useState({ record: props.record, as_of: props.as_of });
  const [changed, setChanged] = useState<Changed>({ ...(record ? {} : props.given), ...draft.kept });
  const [isBack] = useState(draft.kept !== null && draft.kept !== undefined);
  const [untyped, setUntyped] = useState<Record<string, string>>({});
  const [confirmed, setConfirmed] = useState<string[]>([]);
  const [attempt, setAttempt] = useState(0);
  const save = useSave();
  const form = useId();
  const { fields } = ENTITIES[props.kind];
  const asked = props.fields.flatMap((name) => fields.find((field) => field.name === name) ?? []);
  const problems = save.error?.problems ?? [];
  const doubts = problems.filter((problem) => problem.ask && !confirmed.includes(problem.field));
  const errors: FormError[] = [
    ...Object.entries(untyped).map(([field, text]) => ({ field: idOf(props.kind, field), text })),
    ...problems.map((problem) => ({ field: idOf(props.kind, problem.field), text: words.line(problem) })),
  ];

  const change = (field: string, value: unknown, problem?: string) => {
    setUntyped(({ [field]: _, ...rest }) => (problem ? { ...rest, [field]: problem } : rest));
    const { [field]: _, ...rest } = changed;
    const after = record && isSame(record[field], value) ? rest : { ...rest, [field]: value };
    setChanged(after);
    draft.keep(after);
  };
  const leave = () => {
    draft.forget();
    props.onClose();
  };
  const send = () => {
    setAttempt(attempt + 1);
    if (Object.keys(untyped).length > 0) return;
    if (Object.keys(changed).length === 0) return leave();
    save.mutate(
      { drafts: [{ kind: props.kind, id: record?.id ?? null, fields: changed }], as_of, confirmed },
      {
        onSuccess: () => {
          sayDone(t("ui.saved_here", { time: format.time(Date.now()) }));
          leave();
        },
      },
    );
  };
  const errorOf = (field: string) => {
    const problem = problems.find((each) => each.field === field);
    return untyped[field] ?? (problem && words.sentence(problem));
  };

  return (
    <Dialog
      title={props.title}
      isOpen
      onClose={leave}
      actions={
        <>
          <Button type="submit" form={form} variant="primary" size="large" isPending={save.isPending}>
            {t("ui.save")}
          </Button>
          <Button size="large" onPress={leave}>
            {t("ui.cancel")}
          </Button>
        </>
      }
    >
      <form
        id={form}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && event.ctrlKey) send();
        }}
      >
        {isBack && <p className="text-table text-soft">{t("settings.brought_back")}</p>}
        <ErrorSummary errors={errors} attempt={attempt + problems.length} />
        {isOther(save.error) && <ProblemBanner problem={problemFrom(save.error)} />}
        <div className="grid grid-cols-2 items-start gap-4">
          {asked.map((field, index) => (
            <PlainField
              key={field.name}
              kind={props.kind}
              field={field}
              id={idOf(props.kind, field.name)}
              value={field.name in changed ? changed[field.name] : record?.[field.name]}
              onChange={(value, problem) => change(field.name, value, problem)}
              error={errorOf(field.name)}
              autoFocus={index === 0}
            />
          ))}
        </div>
        {doubts.map((problem) => (
          <Checkbox
            key={`${problem.field} ${problem.code}`}
            label={t("settings.confirm", { what: words.line(problem) })}
            value={false}
            onChange={() => setConfirmed([...confirmed, problem.field])}
          />
        ))}
      </form>
    </Dialog>
  );
}

function idOf(kind: Kind, field: string): string {
  return `${kind}-${field}`;
}

function isSame(before: unknown, after: unknown): boolean {
  return JSON.stringify(before ?? null) === JSON.stringify(after ?? null);
}

function isOther(problem: BackendProblem | null): boolean {
  return problem !== null && problem.code !== "problems";
}
