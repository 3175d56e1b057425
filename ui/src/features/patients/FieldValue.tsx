/** One value of a record in words; a reference by the name of what it refers to; what is blank says so. */
import { useView } from "../../backend-context";
import { ENTITIES, type Kind } from "../../generated/entities";
import type { RecordShown } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { shown } from "./shown";

export interface FieldValueProps {
  kind: Kind;
  field: string;
  value: unknown;
}

/** The value. */
export function FieldValue({ kind, field, value }: FieldValueProps) {
  const t = useText();
  const format = useFormat();
  const shape = ENTITIES[kind].fields.find((each) => each.name === field)?.shape;
  if (shape?.type === "ref" && typeof value === "string" && value !== "") {
    return <RefName kind={shape.kind} id={value} />;
  }
  const words = shown(kind, field, value, t, format);
  if (words === null) return <span className="text-faint">{t("common.not_recorded")}</span>;
  // A date is not parted at its hyphens.
  return shape?.type === "date" || shape?.type === "time" ? (
    <span className="whitespace-nowrap">{words}</span>
  ) : (
    words
  );
}

/** What a person calls a record, by its id. */
function RefName({ kind, id }: { kind: Kind; id: string }) {
  const t = useText();
  const record = useView<RecordShown>("record", { kind, id }, { kinds: [kind] });
  const caption = record.data?.fields[ENTITIES[kind].caption[0] ?? "id"];
  if (typeof caption === "string") return caption;
  // Not every name has arrived, and not every role sees every kind.
  return record.isPending ? "…" : t("patients.not_here");
}

export interface FactsProps {
  kind: Kind;
  fields: readonly string[];
  values: Record<string, unknown>;
  /** `filled` leaves out what is blank; `all` says of it that it is not recorded. */
  show: "filled" | "all";
}

/** Fields with their labels, under one another. */
export function Facts({ kind, fields, values, show }: FactsProps) {
  const t = useText();
  const isThere = (field: string) => ![undefined, null, ""].includes(values[field] as string);
  return (
    <dl className="grid grid-cols-[minmax(120px,auto)_1fr] gap-x-4 gap-y-1 text-table">
      {fields
        .filter((field) => show === "all" || isThere(field))
        .map((field) => (
          <div key={field} className="contents">
            <dt className="text-soft">{t(`field.${kind}.${field}`)}</dt>
            <dd className="min-w-0 break-words whitespace-pre-line">
              <FieldValue kind={kind} field={field} value={values[field]} />
            </dd>
          </div>
        ))}
    </dl>
  );
}
