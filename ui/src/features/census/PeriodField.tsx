/** Chooses the days of the census. */
import { DateField } from "../../components/DateField";
import { Select } from "../../components/Select";
import { useText } from "../../i18n/useText";
import { earliest, PERIODS, type Period, type Span } from "./period";

export interface PeriodFieldProps {
  period: Period;
  span: Span;
  today: string;
  onPeriod(period: Period): void;
  onSpan(span: Span): void;
}

/** A list of periods, and two days when they are one's own. */
export function PeriodField({ period, span, today, onPeriod, onSpan }: PeriodFieldProps) {
  const t = useText();
  return (
    <div className="mb-4 flex flex-wrap items-start gap-x-4 gap-y-2">
      <div className="w-56">
        <Select
          id="census-period"
          label={t("census.period")}
          choices={PERIODS.map((id) => ({ id, label: t(`census.period.${id}`) }))}
          value={period}
          onChange={(id) => {
            const chosen = PERIODS.find((each) => each === id);
            if (chosen) onPeriod(chosen);
          }}
        />
      </div>
      {period === "own" && (
        <>
          <DateField
            id="census-first"
            label={t("census.first")}
            year="past"
            min={earliest(span.last)}
            max={span.last}
            value={span.first}
            onChange={(first, problem) => {
              if (first && problem === undefined) onSpan({ ...span, first });
            }}
          />
          <DateField
            id="census-last"
            label={t("census.last")}
            year="past"
            min={span.first}
            max={today}
            value={span.last}
            onChange={(last, problem) => {
              if (last && problem === undefined) onSpan({ ...span, last });
            }}
          />
        </>
      )}
    </div>
  );
}
