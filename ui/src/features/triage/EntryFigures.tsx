/** Filed entries to read, beside one another: who filed each, when, and what differs. */
import { clsx } from "clsx";
import { useAsked } from "../../backend-context";
import { Cell } from "../../components/Cell";
import type { HistoryLine } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { COUNTS, countOf, type Entry } from "./filing";

/** The table; a figure that the entries disagree about is marked. */
export function EntryFigures({
  entries,
  yesterday,
}: {
  entries: Entry[];
  yesterday?: Record<string, number>;
}) {
  const t = useText();
  const format = useFormat();
  return (
    <div className="panel relative max-w-[760px] overflow-x-auto">
      <table className="w-full border-collapse text-table">
        <caption className="sr-only">{t("triage.figures")}</caption>
        <thead>
          <tr className="border-b border-edge text-small text-soft">
            <th scope="col" className="px-4 py-1.5 text-left align-bottom font-semibold">
              {t("triage.figure")}
            </th>
            {entries.map((entry) => (
              <th key={String(entry.id)} scope="col" className="px-3 py-1.5 text-right font-normal">
                <FiledBy id={String(entry.id)} />
              </th>
            ))}
            {yesterday && (
              <th scope="col" className="px-4 py-1.5 text-right align-bottom font-semibold">
                {t("triage.yesterday")}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {COUNTS.map((field) => (
            <tr key={field} className="border-b border-line last:border-0">
              <th scope="row" className="px-4 py-1.5 text-left font-medium">
                {t(`field.triage.${field}`)}
              </th>
              {entries.map((entry) => (
                <td
                  key={String(entry.id)}
                  className={clsx(
                    "px-3 py-1.5 text-right tabular-nums",
                    entries.some((other) => countOf(other, field) !== countOf(entry, field)) &&
                      "bg-watch-tint font-semibold",
                  )}
                >
                  <Cell content={figure(countOf(entry, field))} missing={t("ui.not_reported")} />
                </td>
              ))}
              {yesterday && (
                <td className="px-4 py-1.5 text-right text-soft tabular-nums">
                  <Cell content={figure(yesterday[field] ?? null)} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {entries.map((entry) =>
        typeof entry.note === "string" && entry.note !== "" ? (
          <p key={String(entry.id)} className="border-t border-line px-4 py-2 text-table">
            <span className="text-soft">{t("field.triage.note")}:</span> {entry.note}
          </p>
        ) : null,
      )}
    </div>
  );

  function figure(count: number | null): string | null {
    return count === null ? null : format.number(count);
  }
}

/** Who wrote an entry, when, and whether the district has it. */
export function FiledBy({ id }: { id: string }) {
  const t = useText();
  const format = useFormat();
  const [first] = useAsked<HistoryLine[]>("history", { kind: "triage", id }).data ?? [];
  if (!first) return <span className="font-semibold">{t("triage.filed")}</span>;
  return (
    <>
      <span className="block font-semibold text-ink">{first.by || t("common.not_recorded")}</span>
      {format.dateTime(first.at)}
      <span className="block">{t(first.received ? "triage.received" : "triage.waiting")}</span>
    </>
  );
}
