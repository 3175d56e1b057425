/** One field of a movement. A quantity is a decimal as text, shown as it was typed. */

import { useView } from "../../backend-context";
import { DateField } from "../../components/DateField";
import { readNumber } from "../../components/readNumber";
import { Select } from "../../components/Select";
import { TextField } from "../../components/TextField";
import { TypedField } from "../../components/TypedField";
import { plain } from "../../entity/useQuantity";
import { useFormat, useText } from "../../i18n/useText";
import { thousandths } from "./movement";

interface MovementFieldProps {
  field: string;
  unit: string | null;
  value: string | null;
  /** What the ledger says, for a count. */
  expected: string;
  onChange(value: string | null, problem?: string): void;
  error?: string;
  autoFocus?: boolean;
}

/** The field. */
export function MovementField(props: MovementFieldProps) {
  const t = useText();
  const { field, value, onChange, error, autoFocus } = props;
  const needed = ["quantity", "counted", "reason"].includes(field);
  const common = {
    id: `stock_entry.${field}`,
    label: t(`field.stock_entry.${field}`),
    optional: !needed,
    error,
    autoFocus,
  };
  if (field === "quantity" || field === "counted") return <QuantityField {...props} />;
  if (field === "ward" || field === "other_facility") {
    return (
      <PlaceField
        {...common}
        kind={field === "ward" ? "ward" : "facility"}
        value={value}
        onChange={onChange}
      />
    );
  }
  if (field === "expiry") return <DateField {...common} value={value} onChange={onChange} />;
  return (
    <TextField
      {...common}
      value={value ?? ""}
      onChange={onChange}
      maxLength={field === "note" ? 1000 : field === "batch" ? 60 : 120}
    />
  );
}

function QuantityField(props: MovementFieldProps) {
  const t = useText();
  const format = useFormat();
  const { field, value, unit } = props;
  const counted = thousandths(value);
  const gap = (counted ?? 0) - (thousandths(props.expected) ?? 0);
  const sign = gap > 0 ? "+" : gap < 0 ? "−" : "±";
  const hint =
    field === "counted" && counted !== null
      ? t("stock.gap", { gap: `${sign}${plain(format.decimal(Math.abs(gap), 3))}` })
      : undefined;
  return (
    <TypedField<string>
      id={`stock_entry.${field}`}
      label={t(`field.stock_entry.${field}`)}
      hint={hint}
      error={props.error}
      autoFocus={props.autoFocus}
      align="right"
      inputMode="decimal"
      width="112px"
      unit={unit ? t(`code.unit.${unit}`) : undefined}
      value={value}
      onChange={props.onChange}
      write={(held) => (held === null ? "" : plain(held))}
      read={(typed) => {
        const reading = readNumber(typed, 3);
        if (reading.kind === "blank") return { value: null };
        if (reading.kind === "number") return { value: typed.trim().replaceAll(",", "") };
        return { value: null, problem: t(`ui.number.${reading.code}`, { places: 3 }) };
      }}
    />
  );
}

interface PlaceProps {
  id: string;
  label: string;
  kind: "ward" | "facility";
  value: string | null;
  onChange(value: string | null): void;
}

const NOWHERE = "(blank)";

function PlaceField({ kind, onChange, ...rest }: PlaceProps) {
  const t = useText();
  const places = useView<{ id: string; name?: string }[]>("records", { kind }, { kinds: [kind] }).data ?? [];
  return (
    <Select
      {...rest}
      onChange={(id) => onChange(id === NOWHERE ? null : id)}
      choices={[
        { id: NOWHERE, label: t("common.not_recorded") },
        ...places.map((place) => ({ id: place.id, label: place.name ?? "" })),
      ]}
    />
  );
}
