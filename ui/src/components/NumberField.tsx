/** A count or a measurement. Blank means "not reported"; 0 must be typed. No wheel, no arrows that change it by accident. */
import { useText } from "../i18n/useText";
import type { FieldProps } from "./Field";
import { readNumber, writtenNumber } from "./readNumber";
import { TypedField } from "./TypedField";

export interface NumberFieldProps extends FieldProps {
  /** A scaled integer: with `places` 1, 368 shows `36.8`. Null is blank. */
  value: number | null;
  onChange(value: number | null, problem?: string): void;
  places?: number;
  unit?: string;
  width?: string;
  placeholder?: string;
  onEnter?(): void;
  onBlur?(): void;
}

/** A number field, right-aligned, friendly to the numpad. */
export function NumberField({ places = 0, width = "96px", ...rest }: NumberFieldProps) {
  const t = useText();
  return (
    <TypedField<number>
      {...rest}
      width={width}
      align="right"
      inputMode={places > 0 ? "decimal" : "numeric"}
      write={(value) => writtenNumber(value, places)}
      read={(typed) => {
        const reading = readNumber(typed, places);
        if (reading.kind === "number") return { value: reading.scaled };
        if (reading.kind === "blank") return { value: null };
        return { value: null, problem: t(`ui.number.${reading.code}`, { places }) };
      }}
    />
  );
}
