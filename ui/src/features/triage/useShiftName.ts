/** What people call a shift: its name, with its day when that is not today. */
import type { TriageShift } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";

/** Gives `name(shift)`: `Morning`, or `Night, 19-Nov` for last night's. */
export function useShiftName(today: string): (shift: TriageShift) => string {
  const t = useText();
  const format = useFormat();
  return ({ day, shift }) => {
    const name = t(`code.shift.${shift}`);
    return day === today ? name : t("triage.shift_of", { shift: name, day: format.dayMonth(day) });
  };
}
