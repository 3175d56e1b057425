/** Writes a value that is neither of those in conflict. */
import { useState } from "react";
import { useView } from "../../backend-context";
import { Button } from "../../components/Button";
import { Checkbox } from "../../components/Checkbox";
import { DateField } from "../../components/DateField";
import { NumberField } from "../../components/NumberField";
import { todayHere } from "../../components/readDate";
import { writtenNumber } from "../../components/readNumber";
import { Select } from "../../components/Select";
import { TextField } from "../../components/TextField";
import { TimeField } from "../../components/TimeField";
import { CODES, ENTITIES, type FieldDescription } from "../../generated/entities";
import { useText } from "../../i18n/useText";

/** Longer texts get a wide field. */
const LINE = 40;

interface ThirdProps {
  kind: string;
  field: FieldDescription;
  isPending: boolean;
  onSave(value: unknown): void;
  onClose(): void;
}

/** The field with its own buttons. */
export function ThirdValue({ kind, field, isPending, onSave, onClose }: ThirdProps) {
  const t = useText();
  const [value, setValue] = useState<unknown>(null);
  const [problem, setProblem] = useState<string>();
  const [tried, setTried] = useState(false);
  const isBlank = value === null || value === "" || (Array.isArray(value) && value.length === 0);
  const error = problem ?? (tried && isBlank ? t("inbox.third.missing") : undefined);
  return (
    <form
      noValidate
      className="flex flex-col items-start gap-2 border-t border-line pt-3"
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (!problem && !isBlank) onSave(value);
      }}
    >
      <Input
        id={`${kind}.${field.name}`}
        label={t("inbox.third.label", { field: t(`field.${kind}.${field.name}`) })}
        field={field}
        value={value}
        error={error}
        onChange={(next, wrong) => {
          setValue(next);
          setProblem(wrong);
        }}
      />
      <span className="flex gap-2">
        <Button type="submit" variant="primary" isPending={isPending} data-primary>
          {t("inbox.third.save")}
        </Button>
        <Button onPress={onClose}>{t("ui.cancel")}</Button>
      </span>
    </form>
  );
}

interface InputProps {
  id: string;
  label: string;
  field: FieldDescription;
  value: unknown;
  error?: string;
  onChange(value: unknown, problem?: string): void;
}

function Input({ field, value, onChange, ...rest }: InputProps) {
  const t = useText();
  const common = { ...rest, autoFocus: true };
  const text = typeof value === "string" ? value : "";
  const { shape } = field;
  switch (shape.type) {
    case "int":
      return (
        <NumberField
          {...common}
          unit={field.unit}
          value={typeof value === "number" ? value : null}
          onChange={onChange}
        />
      );
    case "decimal":
      return <DecimalInput {...common} unit={field.unit} scale={shape.scale} onChange={onChange} />;
    case "date":
      return <DateField {...common} value={text || null} onChange={onChange} />;
    case "time":
      return <MomentInput {...common} onChange={onChange} />;
    case "code":
      return (
        <Select
          {...common}
          value={text || null}
          onChange={onChange}
          choices={CODES[shape.list].map(({ word }) => ({
            id: word,
            label: t(`code.${shape.list}.${word}`),
          }))}
        />
      );
    case "codes": {
      const chosen = Array.isArray(value) ? (value as string[]) : [];
      return (
        <fieldset className="flex flex-wrap gap-x-5 gap-y-1">
          <legend className="text-table font-medium">{rest.label}</legend>
          {CODES[shape.list].map(({ word }, index) => (
            <Checkbox
              key={word}
              autoFocus={index === 0}
              isInvalid={Boolean(rest.error)}
              label={t(`code.${shape.list}.${word}`)}
              value={chosen.includes(word)}
              onChange={(yes) => onChange(yes ? [...chosen, word] : chosen.filter((each) => each !== word))}
            />
          ))}
          {rest.error && (
            <p role="alert" className="w-full text-small font-medium text-problem">
              {rest.error}
            </p>
          )}
        </fieldset>
      );
    }
    case "ref":
      return <RecordInput {...common} kind={shape.kind} value={text || null} onChange={onChange} />;
    default:
      return (
        <div className={shape.max > LINE ? "w-full max-w-xl" : "w-64"}>
          <TextField
            {...common}
            value={text}
            onChange={onChange}
            maxLength={shape.max}
            lines={shape.lines ? 3 : 1}
          />
        </div>
      );
  }
}

type PartProps = Omit<InputProps, "field" | "value">;

function DecimalInput({ scale, unit, onChange, ...rest }: PartProps & { scale: number; unit: string }) {
  const [scaled, setScaled] = useState<number | null>(null);
  return (
    <NumberField
      {...rest}
      unit={unit}
      places={scale}
      value={scaled}
      onChange={(next, problem) => {
        setScaled(next);
        onChange(next === null ? null : writtenNumber(next, scale), problem);
      }}
    />
  );
}

function MomentInput({ onChange, label, ...rest }: PartProps) {
  const t = useText();
  const [day, setDay] = useState<string | null>(todayHere());
  const [minutes, setMinutes] = useState<number | null>(null);
  const tell = (on: string | null, at: number | null, problem?: string) => {
    setDay(on);
    setMinutes(at);
    const start = on === null || at === null ? null : Date.parse(`${on}T00:00:00`) + at * 60_000;
    onChange(start, problem);
  };
  return (
    <span className="flex items-start gap-3">
      <DateField {...rest} label={label} value={day} onChange={(on, problem) => tell(on, minutes, problem)} />
      <TimeField
        label={t("inbox.third.time")}
        value={minutes}
        onChange={(at, problem) => tell(day, at, problem)}
      />
    </span>
  );
}

function RecordInput({ kind, ...rest }: PartProps & { kind: keyof typeof ENTITIES; value: string | null }) {
  const records = useView<Record<string, unknown>[]>("records", { kind }, { kinds: [kind] }).data ?? [];
  const caption = ENTITIES[kind].caption[0] ?? "id";
  return (
    <Select
      {...rest}
      choices={records.map((record) => ({ id: String(record.id), label: String(record[caption] ?? "") }))}
    />
  );
}
