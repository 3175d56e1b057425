/** A form for one record of any kind in a dialog. What was typed before and not saved is offered again. */
import type { ReactNode } from "react";
import type { Kind } from "../generated/entities";
import { type FieldSection, RecordFields, RecordSections } from "./RecordFields";
import { RecordFrame } from "./RecordFrame";
import type { Plain } from "./records";
import { AskBeforeDialog, type Before, useBefore } from "./unsaved";
import { type RecordForm, useRecordForm } from "./useRecordForm";

export interface RecordDialogProps {
  title: string;
  kind: Kind;
  /** The fields that are asked, in their order; in sections where there are many. */
  fields: readonly string[] | readonly FieldSection[];
  /** The record as the person saw it; null makes a new one. */
  record: Plain | null;
  /** What a new record has without being asked: its facility, its ward. */
  given?: Record<string, unknown>;
  as_of: number;
  size?: "medium" | "large";
  /** Stands above the fields. */
  head?: ReactNode;
  /** Inputs of the form's own, by the name at which they stand among the fields. */
  own?(form: RecordForm): Record<string, ReactNode>;
  onClose(): void;
}

/** The dialog. */
export function RecordDialog(props: RecordDialogProps) {
  const given = Object.values(props.given ?? {}).join("+");
  const before = useBefore(`form/${props.kind}/${props.record?.id ?? `new/${given}`}`);
  if (before.state === "asking") return null;
  if (before.state === "choice") {
    return <AskBeforeDialog title={props.title} before={before} onClose={props.onClose} />;
  }
  return <Form {...props} before={before} />;
}

function Form({ before, ...props }: RecordDialogProps & { before: Before }) {
  const { kind, record, as_of, fields, onClose } = props;
  const form = useRecordForm({
    kind,
    record,
    given: () => props.given ?? {},
    as_of,
    draft: before.draft,
    unsaved: before.unsaved,
    onSaved: onClose,
  });
  const shared = {
    form,
    columns: props.size === "large" ? 3 : 2,
    own: props.own?.(form),
    isFirst: true,
  } as const;
  return (
    <RecordFrame title={props.title} form={form} size={props.size} head={props.head} onClose={onClose}>
      {isInSections(fields) ? (
        <RecordSections {...shared} sections={fields} />
      ) : (
        <RecordFields {...shared} names={fields} />
      )}
    </RecordFrame>
  );
}

function isInSections(fields: RecordDialogProps["fields"]): fields is readonly FieldSection[] {
  return typeof fields[0] === "object";
}
