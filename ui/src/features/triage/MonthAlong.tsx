/** The month as a file: a row a day, what is filed of its shifts, and each figure of the day. Blank where nobody filed it. */
import { numberOf, TakeAlong } from "../../entity/TakeAlong";
import type { TriageDay, TriageMonth } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { COUNTS, SHIFTS } from "./filing";

/** The button, and its dialog; `name` is the month in words, days after `today` are left out. */
export function MonthAlong({ month, name, today }: { month: TriageMonth; name: string; today: string }) {
  const t = useText();
  const format = useFormat();
  const rows = month.days.filter(({ day }) => day <= today);
  const state = (day: TriageDay, shift: string) => {
    const found = day.shifts.find((each) => each.shift === shift);
    return found ? t(`triage.state.${found.state}`) : null;
  };
  return (
    <TakeAlong
      title={t("triage.title")}
      about={name}
      name={`triage-${rows[0]?.day.slice(0, 7) ?? ""}`}
      rows={rows}
      columns={[
        { label: t("field.triage.day"), file: ({ day }) => format.date(day) },
        ...SHIFTS.map((shift) => ({
          label: t(`code.shift.${shift}`),
          file: (day: TriageDay) => state(day, shift),
        })),
        ...COUNTS.map((field) => ({
          label: t(`field.triage.${field}`),
          file: ({ totals }: TriageDay) => {
            const total = totals[field];
            return total === undefined ? null : numberOf(total);
          },
        })),
      ]}
    />
  );
}
