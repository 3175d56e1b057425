/** Fields of a record form in a grid, in the order asked. */
import { PlainField } from "./PlainField";
import { described, idOf, type RecordForm } from "./useRecordForm";

export interface RecordFieldsProps {
  form: RecordForm;
  names: readonly string[];
  columns?: 2 | 3;
  isFirst?: boolean;
}

/** The grid. */
export function RecordFields({ form, names, columns = 2, isFirst }: RecordFieldsProps) {
  return (
    <div className={`grid items-start gap-4 ${columns === 3 ? "grid-cols-3" : "grid-cols-2"}`}>
      {described(form.kind, names).map((field, index) => (
        <PlainField
          key={field.name}
          kind={form.kind}
          field={field}
          id={idOf(form.kind, field.name)}
          value={form.valueOf(field.name)}
          onChange={(value, problem) => form.change(field.name, value, problem)}
          error={form.errorOf(field.name)}
          autoFocus={isFirst && index === 0}
        />
      ))}
    </div>
  );
}
