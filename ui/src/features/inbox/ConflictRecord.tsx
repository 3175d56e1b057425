/** One of the records of a contradiction, with who wrote it, where, when, and what it says. */
import { clsx } from "clsx";
import type { ReactNode } from "react";
import { useAsked } from "../../backend-context";
import { Tag } from "../../components/Status";
import { useQuantity } from "../../entity/useQuantity";
import { fieldOf, useShown } from "../../entity/useShown";
import type { HistoryLine, RecordShownShort } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";

interface RecordProps {
  record: RecordShownShort;
  /** The fields to compare. */
  compared: readonly string[];
  others: readonly RecordShownShort[];
  actions: ReactNode;
}

/** The cards of a contradiction stand in columns; what they say, what is compared and what can be done lie in line. */
export const CARDS = "-mb-2 grid grid-cols-[repeat(auto-fit,minmax(min(100%,300px),1fr))] gap-x-3 gap-y-1";
export const CARD =
  "row-span-3 mb-2 grid grid-rows-subgrid gap-y-1 rounded-control border border-line bg-sunken px-3 py-2";

/** What was not written on the ward and has no author to name. */
const UNSIGNED = ["item", "bed", "ward"];

/** The record. */
export function ConflictRecord({ record, compared, others, actions }: RecordProps) {
  const t = useText();
  const format = useFormat();
  const show = useShown();
  const asked = { kind: record.kind, id: record.id };
  const isSigned = !UNSIGNED.includes(record.kind);
  const [first] = useAsked<HistoryLine[]>("history", asked, { enabled: isSigned }).data ?? [];
  const moment = (field: string) => {
    const value = record.fields[field];
    return typeof value === "number" ? format.dateTime(value) : null;
  };
  const quantity = useQuantity();
  const from = moment("from") ?? moment("admitted_at");
  const to = moment("to") ?? moment("discharged_at");
  const where = record.kind === "encounter" ? (record.bed ?? t("inbox.no_bed")) : record.bed;
  const unit = typeof record.fields.unit === "string" ? record.fields.unit : null;
  // What is compared of one kind is no field of another that stands beside it.
  const fields = compared.filter((field) => fieldOf(record.kind, field));
  const facts = [
    where,
    record.rounds === null ? null : t("inbox.rounds", { count: record.rounds }),
    record.balance === null ? null : t("inbox.balance", { balance: quantity(record.balance, unit) }),
  ].filter(Boolean);
  return (
    <li className={CARD}>
      <div className="flex min-w-0 flex-col items-start gap-1">
        <span className="flex w-full items-start justify-between gap-2">
          <b className="min-w-0 font-semibold break-words">
            <RecordTitle record={record} />
          </b>
          {record.voided && <Tag tone="problem">{t("inbox.voided")}</Tag>}
        </span>
        {from && (
          <span className="text-table text-soft">
            {to ? t("inbox.from_to", { from, to }) : t("inbox.from", { from })}
          </span>
        )}
        {facts.length > 0 && <span className="text-table">{facts.join(" · ")}</span>}
        {typeof record.fields.note === "string" && (
          <span className="text-table break-words whitespace-pre-line">{record.fields.note}</span>
        )}
        {first && (
          <span className="text-table text-soft">
            {t("inbox.who", { by: first.by || t("common.not_recorded"), at: format.dateTime(first.at) })}
            {first.desk && ` · ${t("inbox.desk", { desk: first.desk })}`}
          </span>
        )}
      </div>
      {fields.length === 0 ? (
        <div />
      ) : (
        <dl className="-mx-1 py-1 text-table">
          {fields.map((field) => {
            const value = record.fields[field];
            const differs = others.some((other) => (other.fields[field] ?? null) !== (value ?? null));
            return (
              <div
                key={field}
                className={clsx("flex justify-between gap-4 px-1", differs && "bg-watch-tint font-semibold")}
              >
                <dt>{t(`field.${record.kind}.${field}`)}</dt>
                <dd className="min-w-0 text-right break-words tabular-nums">
                  {value == null && record.kind === "triage"
                    ? t("ui.not_reported")
                    : show(fieldOf(record.kind, field), value)}
                </dd>
              </div>
            );
          })}
        </dl>
      )}
      <span className="flex flex-wrap content-start items-start gap-2 pt-1">{actions}</span>
    </li>
  );
}

/** What a person calls the record, with the kind where the name alone does not tell it. */
function RecordTitle({ record }: { record: RecordShownShort }) {
  const t = useText();
  const format = useFormat();
  const quantity = useQuantity();
  const { fields, caption } = record;
  switch (record.kind) {
    case "triage":
      return t("inbox.shift", {
        day: format.date(String(fields.day)),
        shift: t(`code.shift.${String(fields.shift)}`),
      });
    case "bed_hold":
      return `${caption} · ${t(`code.hold_reason.${String(fields.reason)}`)}`;
    case "stock_entry": {
      const moved = fields.quantity ?? fields.counted;
      const movement = t(`code.movement.${String(fields.movement)}`);
      return typeof moved === "string" ? `${movement} ${quantity(moved, null)}` : movement;
    }
    case "told_apart":
      return t("kind.told_apart");
    case "round":
    case "encounter":
      return `${t(`kind.${record.kind}`)}${caption ? ` · ${caption}` : ""}`;
    default:
      return caption || t(`kind.${record.kind}`);
  }
}
