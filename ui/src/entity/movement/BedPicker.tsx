/** Chooses a bed: free ones first in reach, each with its ward and type; what is taken cannot be chosen. */
import { ComboBox } from "../../components/ComboBox";
import type { BedBoard } from "../../generated/wire";
import { useText } from "../../i18n/useText";

export interface BedPickerProps {
  board: BedBoard;
  value: string | null;
  onChange(bed: string | null): void;
  error?: string;
  autoFocus?: boolean;
  isOptional?: boolean;
}

/** The picker. */
export function BedPicker({ board, value, onChange, error, autoFocus, isOptional }: BedPickerProps) {
  const t = useText();
  const choices = board.wards.flatMap((ward) =>
    ward.beds
      .filter((bed) => bed.status === "free" || bed.status === "held" || bed.id === value)
      .map((bed) => ({
        id: bed.id,
        label: `${ward.name} ${bed.label}`,
        detail: `${t(`code.bed_type.${bed.bed_type}`)} · ${t(`movement.bed.${bed.status}`)}`,
      })),
  );
  return (
    <ComboBox
      id="bed_stay.bed"
      label={t("field.bed_stay.bed")}
      choices={choices}
      value={value}
      onChange={onChange}
      error={error}
      autoFocus={autoFocus}
      optional={isOptional}
    />
  );
}
