/** Fields of a record form in a grid, in the order asked; long forms in sections, of which the rarely used are folded. */
import { memo, type ReactNode, useCallback, useLayoutEffect, useRef, useState } from "react";
import { PlainField, type PlainFieldProps } from "./PlainField";
import { idOf } from "./useFaults";
import { described, type RecordForm } from "./useRecordForm";

/** What stands together in a form. */
export interface FieldSection {
  id: string;
  title: string;
  fields: readonly string[];
  /** Folded until it is opened or holds something. */
  isFolded?: boolean;
  /** Other than the form's. */
  columns?: 2 | 3;
}

export interface RecordFieldsProps {
  form: RecordForm;
  names: readonly string[];
  columns?: 2 | 3;
  isFirst?: boolean;
  /** Which fields say so after their label: the optional ones, or where nearly all are, the required. */
  marks?: "optional" | "required";
  /** Words beside a field, such as its last value. */
  beside?(field: string): string | null;
  /** Inputs of the form's own, by the name at which they stand. */
  own?: Record<string, ReactNode>;
}

/** The grid. */
export function RecordFields(props: RecordFieldsProps) {
  const { form, names, columns = 2, isFirst, marks, beside, own } = props;
  const latest = useRef(form);
  useLayoutEffect(() => {
    latest.current = form;
  });
  const change = useCallback<Change>((name, ...typed) => latest.current.change(name, ...typed), []);
  return (
    <div className={`grid items-start gap-4 ${columns === 3 ? "grid-cols-3" : "grid-cols-2"}`}>
      {names.flatMap((name, index) => {
        if (own?.[name]) return [<div key={name}>{own[name]}</div>];
        return described(form.kind, [name]).map((field) => (
          <FormField
            key={field.name}
            kind={form.kind}
            field={field}
            id={idOf(form.kind, field.name)}
            value={form.valueOf(field.name)}
            change={change}
            error={form.errorOf(field.name)}
            beside={beside?.(field.name) ?? undefined}
            marks={marks}
            autoFocus={isFirst && index === 0}
          />
        ));
      })}
    </div>
  );
}

type Change = (name: string, value: unknown, problem?: string) => void;

/** A long form draws anew only the field that was typed into. */
const FormField = memo(({ change, ...rest }: Omit<PlainFieldProps, "onChange"> & { change: Change }) => (
  <PlainField {...rest} onChange={(value, problem) => change(rest.field.name, value, problem)} />
));

export interface RecordSectionsProps extends Omit<RecordFieldsProps, "names"> {
  sections: readonly FieldSection[];
}

/** The sections under one another. */
export function RecordSections({ sections, isFirst, ...rest }: RecordSectionsProps) {
  return sections.map((section, index) => {
    const { fields: names, columns = rest.columns } = section;
    const fields = (
      <RecordFields {...rest} {...{ names, columns }} marks="required" isFirst={isFirst && index === 0} />
    );
    if (!section.isFolded) {
      return (
        <fieldset key={section.id} className="min-w-0">
          <legend className="mb-2 w-full border-b border-line pb-1 text-body font-semibold">
            {section.title}
          </legend>
          {fields}
        </fieldset>
      );
    }
    return (
      <Folded key={section.id} section={section} form={rest.form}>
        {fields}
      </Folded>
    );
  });
}

function Folded(props: { section: FieldSection; form: RecordForm; children: ReactNode }) {
  const { section, form, children } = props;
  const filled = section.fields.filter((name) => !isBlank(form.valueOf(name))).length;
  const [isOpened, setOpened] = useState(filled > 0);
  const isOpen = isOpened || section.fields.some((name) => form.errorOf(name) !== undefined);
  return (
    <details className="min-w-0" open={isOpen} onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary className="cursor-pointer border-b border-line pb-1 text-body font-semibold">
        {section.title}
        {filled > 0 && <span className="ml-2 text-small font-normal text-soft">{filled}</span>}
      </summary>
      {isOpen && <div className="pt-3">{children}</div>}
    </details>
  );
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}
