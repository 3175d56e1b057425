/** A form for one record of any kind in a dialog. What was typed before a lock comes back. */
import { useId, useState } from "react";
import { Button } from "../components/Button";
import { Dialog } from "../components/Dialog";
import { ErrorSummary } from "../components/ErrorSummary";
import { ProblemBanner } from "../components/Loaded";
import { type Kept, useDraft } from "../draft";
import type { Kind } from "../generated/entities";
import { useText } from "../i18n/useText";
import { Doubts } from "./Doubts";
import { RecordFields } from "./RecordFields";
import type { Plain } from "./records";
import { type Changed, useRecordForm } from "./useRecordForm";

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
  size?: "medium" | "large";
  onClose(): void;
}

/** The dialog. */
export function RecordDialog(props: RecordDialogProps) {
  const given = Object.values(props.given ?? {}).join("+");
  const draft = useDraft<Changed>(`form/${props.kind}/${props.record?.id ?? `new/${given}`}`);
  return draft.kept === undefined ? null : <Form {...props} draft={draft} />;
}

function Form({ draft, ...props }: RecordDialogProps & { draft: Kept<Changed> }) {
  const t = useText();
  const { kind, record, given, as_of } = props;
  const form = useRecordForm({ kind, record, given, as_of, draft, onSaved: props.onClose });
  const [isBack] = useState(draft.kept !== null && draft.kept !== undefined);
  const id = useId();
  return (
    <Dialog
      title={props.title}
      size={props.size}
      isOpen
      onClose={form.leave}
      actions={
        <>
          <Button
            type="submit"
            form={id}
            variant="primary"
            size="large"
            isPending={form.isPending}
            data-primary
          >
            {t("ui.save")}
          </Button>
          <Button size="large" onPress={form.leave}>
            {t("ui.cancel")}
          </Button>
        </>
      }
    >
      <form
        id={id}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          form.send();
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && event.ctrlKey) form.send();
        }}
      >
        {isBack && <p className="text-table text-soft">{t("form.brought_back")}</p>}
        <ErrorSummary errors={form.errors} attempt={form.attempt} />
        {form.failure && <ProblemBanner problem={form.failure} />}
        <Doubts
          problems={form.problems}
          confirmed={form.confirmed}
          onConfirm={form.setConfirmed}
          say={(what) => t("form.confirm", { what })}
        />
        <RecordFields form={form} names={props.fields} columns={props.size === "large" ? 3 : 2} isFirst />
      </form>
    </Dialog>
  );
}
