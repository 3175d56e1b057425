/** A date, typed: `2011`, `20/11`, `today`, `-1`. It shows `20-Nov-2026`; its value is `2026-11-20`. */
import { useFormat, useText } from "../i18n/useText";
import type { FieldProps } from "./Field";
import { readDate, todayHere, type YearRule } from "./readDate";
import { TypedField } from "./TypedField";

export interface DateFieldProps extends FieldProps {
  /** `2026-11-20`, or null for blank. */
  value: string | null;
  onChange(value: string | null, problem?: string): void;
  /** Where a date without a year belongs; `past` for births. */
  year?: YearRule;
  /** The earliest and the latest day allowed. */
  min?: string;
  max?: string;
  today?: string;
  width?: string;
  onEnter?(): void;
  onBlur?(): void;
}

/** A date field without a picker: typing is faster. */
export function DateField({ year, min, max, today, width = "136px", hint, ...rest }: DateFieldProps) {
  const t = useText();
  const format = useFormat();
  return (
    <TypedField<string>
      {...rest}
      hint={hint ?? t("ui.date.hint")}
      width={width}
      write={(value) => (value === null ? "" : format.date(value))}
      read={(typed) => {
        const reading = readDate(fromShown(typed), today ?? todayHere(), year);
        if (reading.kind === "blank") return { value: null };
        if (reading.kind === "problem") return { value: null, problem: t(`ui.date.${reading.code}`) };
        if (min && reading.iso < min) {
          return { value: null, problem: t("ui.date.too_early", { date: format.date(min) }) };
        }
        if (max && reading.iso > max) {
          return { value: null, problem: t("ui.date.too_late", { date: format.date(max) }) };
        }
        return { value: reading.iso };
      }}
    />
  );

  /** A Malayalam month name, as shown, is read back as its number. */
  function fromShown(typed: string): string {
    for (let month = 1; month <= 12; month++) {
      const name = format.dayMonth(`2026-${String(month).padStart(2, "0")}-01`).slice(3);
      if (name && /[^\x20-\x7e]/.test(name) && typed.includes(name))
        return typed.replace(name, String(month));
    }
    return typed;
  }
}
