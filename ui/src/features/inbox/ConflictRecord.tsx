/** One of the records of a contradiction, with who wrote it and what it says. */
import { clsx } from "clsx";
import type { ReactNode } from "react";
import { useAsked } from "../../backend-context";
import type { HistoryLine, RecordShownShort } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";

interface RecordProps {
  record: RecordShownShort;
  /** The fields to compare. */
  figures: readonly string[];
  others: readonly RecordShownShort[];
  action: ReactNode;
}

/** The record. */
export function ConflictRecord({ record, figures, others, action }: RecordProps) {
  const t = useText();
  const format = useFormat();
  const isWritten = record.kind !== "item";
  const asked = { kind: record.kind, id: record.id };
  const [first] = useAsked<HistoryLine[]>("history", asked, { enabled: isWritten }).data ?? [];
  const moment = (field: string) => {
    const value = record.fields[field];
    return typeof value === "number" ? format.dateTime(value) : null;
  };
  const { day, shift } = record.fields;
  const title =
    record.kind === "triage"
      ? t("inbox.shift", { day: format.date(String(day)), shift: t(`code.shift.${shift}`) })
      : record.caption;
  const from = moment("from") ?? moment("admitted_at");
  const to = moment("to") ?? moment("discharged_at");
  return (
    <li className="flex flex-col items-start gap-1 rounded-control border border-line bg-sunken px-3 py-2">
      <b className="font-semibold">{title}</b>
      {from && (
        <span className="text-table text-soft">
          {to ? t("inbox.from_to", { from, to }) : t("inbox.from", { from })}
        </span>
      )}
      {record.kind === "encounter" && (
        <span className="text-table">
          {record.bed ?? t("inbox.no_bed")} · {t("inbox.rounds", { count: record.rounds ?? 0 })}
        </span>
      )}
      {first && (
        <span className="text-table text-soft">
          {t("inbox.who", { by: first.by || t("common.not_recorded"), at: format.dateTime(first.at) })}
          {first.desk && ` · ${t("inbox.desk", { desk: first.desk })}`}
        </span>
      )}
      {figures.length > 0 && (
        <dl className="my-1 w-full text-table">
          {figures.map((field) => {
            const value = record.fields[field];
            const differs = others.some((other) => other.fields[field] !== value);
            return (
              <div
                key={field}
                className={clsx("flex justify-between gap-4 px-1", differs && "bg-watch-tint font-semibold")}
              >
                <dt>{t(`field.${record.kind}.${field}`)}</dt>
                <dd className="tabular-nums">
                  {typeof value === "number" ? format.number(value) : t("ui.not_reported")}
                </dd>
              </div>
            );
          })}
        </dl>
      )}
      {action && <span className="mt-1">{action}</span>}
    </li>
  );
}
