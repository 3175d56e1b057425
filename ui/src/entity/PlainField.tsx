/** One field of a record by its description: the right input, label, limits and choices. */
import { Checkbox } from "../components/Checkbox";
import { ComboBox } from "../components/ComboBox";
import { DateField } from "../components/DateField";
import { NumberField } from "../components/NumberField";
import { readNumber, writtenNumber } from "../components/readNumber";
import { Select } from "../components/Select";
import { TextField } from "../components/TextField";
import { CODES, ENTITIES, type FieldDescription, type Kind, type ListName } from "../generated/entities";
import { useText } from "../i18n/useText";
import { inOrder, textOf, useRecords } from "./records";

export interface PlainFieldProps {
  kind: Kind;
  field: FieldDescription;
  id: string;
  value: unknown;
  /** `problem` is there when what was typed means nothing. */
  onChange(value: unknown, problem?: string): void;
  error?: string;
  /** Words under the field before its hint, such as the last value. */
  beside?: string;
  autoFocus?: boolean;
  marks?: "optional" | "required";
}

/** More records than this are found by typing. */
const LISTED = 15;

/** The choice that leaves a field blank. */
const BLANK = "(blank)";

/** The field. Moments are written by their own pages. */
export function PlainField({ kind, field, value, onChange, beside, marks, ...rest }: PlainFieldProps) {
  const t = useText();
  const key = `field.${kind}.${field.name}`;
  const common = {
    ...rest,
    label: t(key),
    hint: [beside, t.has(`${key}.hint`) && t(`${key}.hint`)].filter(Boolean).join(" · ") || undefined,
    optional: marks !== "required" && !field.required,
    required: marks === "required" && field.required,
  };
  const { shape } = field;
  switch (shape.type) {
    case "int":
    case "decimal": {
      const places = shape.type === "decimal" ? shape.scale : 0;
      return (
        <NumberField
          {...common}
          places={places}
          unit={field.unit}
          value={scaledOf(value, places)}
          onChange={(scaled, problem) =>
            onChange(plainNumber(scaled, shape.type === "decimal", places), problem)
          }
        />
      );
    }
    case "code":
      return (
        <Select
          {...common}
          value={typeof value === "string" ? value : null}
          onChange={(word) => onChange(word === BLANK ? null : word)}
          choices={[
            ...(field.required ? [] : [{ id: BLANK, label: t("common.not_recorded") }]),
            ...CODES[shape.list].map(({ word }) => ({ id: word, label: t(`code.${shape.list}.${word}`) })),
          ]}
        />
      );
    case "ref":
      return (
        <RefField
          {...common}
          kind={shape.kind}
          isRequired={field.required}
          value={value}
          onChange={onChange}
        />
      );
    case "date": {
      const year = field.name.startsWith("birth") ? "past" : "nearest";
      const day = typeof value === "string" ? value : null;
      return <DateField {...common} year={year} value={day} onChange={onChange} />;
    }
    case "codes":
      return <CodesField {...common} list={shape.list} value={value} onChange={onChange} />;
    default:
      return (
        <TextField
          {...common}
          value={typeof value === "string" ? value : ""}
          onChange={(text) => onChange(text.trim() === "" ? null : text)}
          maxLength={shape.type === "text" ? shape.max : undefined}
          lines={shape.type === "text" && shape.lines ? 3 : 1}
        />
      );
  }
}

interface CodesFieldProps {
  list: ListName;
  id: string;
  label: string;
  hint?: string;
  value: unknown;
  onChange(value: unknown): void;
}

/** Several words of a list, ticked; none is blank. */
function CodesField({ list, id, label, value, onChange }: CodesFieldProps) {
  const t = useText();
  const chosen: readonly unknown[] = Array.isArray(value) ? value : [];
  const words = CODES[list].map((code) => code.word);
  const toggled = (word: string, isOn: boolean) =>
    words.filter((each) => (each === word ? isOn : chosen.includes(each)));
  return (
    <fieldset id={id} className="col-span-full rounded-panel border border-line p-3">
      <legend className="px-1 text-table font-medium">{label}</legend>
      <div className="grid max-h-40 grid-cols-3 gap-x-4 gap-y-1 overflow-auto">
        {words.map((word) => (
          <Checkbox
            key={word}
            label={t(`code.${list}.${word}`)}
            value={chosen.includes(word)}
            onChange={(isOn) => {
              const after = toggled(word, isOn);
              onChange(after.length > 0 ? after : null);
            }}
          />
        ))}
      </div>
    </fieldset>
  );
}

interface RefFieldProps {
  kind: Kind;
  id: string;
  label: string;
  value: unknown;
  isRequired: boolean;
  onChange(value: unknown): void;
  error?: string;
}

function RefField({ kind, isRequired, value, onChange, ...rest }: RefFieldProps) {
  const t = useText();
  const records = useRecords(kind).data?.data ?? [];
  const caption = ENTITIES[kind].caption[0] ?? "id";
  if (records.length > LISTED) {
    return (
      <ComboBox
        {...rest}
        value={typeof value === "string" ? value : null}
        onChange={onChange}
        choices={inOrder(records, caption).map((record) => ({
          id: record.id,
          label: textOf(record, caption),
        }))}
      />
    );
  }
  return (
    <Select
      {...rest}
      value={typeof value === "string" ? value : null}
      onChange={(id) => onChange(id === BLANK ? null : id)}
      choices={[
        ...(isRequired ? [] : [{ id: BLANK, label: t("common.not_recorded") }]),
        ...inOrder(records, caption).map((record) => ({ id: record.id, label: textOf(record, caption) })),
      ]}
    />
  );
}

/** A plain number as the number field holds it: an integer of its last place. */
function scaledOf(value: unknown, places: number): number | null {
  if (typeof value !== "number" && typeof value !== "string") return null;
  const reading = readNumber(String(value), places);
  return reading.kind === "number" ? reading.scaled : null;
}

/** A decimal crosses as text, a whole number as a number. */
function plainNumber(scaled: number | null, isDecimal: boolean, places: number): unknown {
  return scaled === null ? null : isDecimal ? writtenNumber(scaled, places) : scaled;
}
