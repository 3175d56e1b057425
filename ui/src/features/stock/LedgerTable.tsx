/** Opening, what came and went, closing; then every entry with the balance after it. */
import { Ellipsis } from "lucide-react";
import { useView } from "../../backend-context";
import { IconButton } from "../../components/IconButton";
import { Menu } from "../../components/Menu";
import { Table } from "../../components/Table";
import { useQuantity } from "../../entity/useQuantity";
import type { LedgerLine, StockLedger } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";

interface LedgerProps {
  ledger: StockLedger;
  period: { from: string; to: string };
  mayWrite: boolean;
  onCorrect(entry: string): void;
  onVoid(entry: string): void;
}

/** The ledger. */
export function LedgerTable({ ledger, period, mayWrite, onCorrect, onVoid }: LedgerProps) {
  const t = useText();
  const format = useFormat();
  const write = useQuantity();
  const wards = useView<{ id: string; name?: string }[]>(
    "records",
    { kind: "ward" },
    { kinds: ["ward"] },
  ).data;
  const { unit } = ledger.line;
  return (
    <div className="flex flex-col gap-4">
      <Sums ledger={ledger} period={period} />
      {ledger.was_below_zero && <p className="text-table text-soft">{t("stock.was_below_zero")}</p>}
      <div className="panel">
        <Table<LedgerLine>
          caption={t("stock.entries")}
          captionIs="hidden"
          rows={ledger.entries}
          rowId={(entry) => entry.id}
          empty={t("stock.entries.none")}
          columns={[
            {
              id: "at",
              label: t("field.stock_entry.at"),
              cell: (entry) => <span className="whitespace-nowrap">{format.dateTime(entry.at)}</span>,
            },
            {
              id: "movement",
              label: t("field.stock_entry.movement"),
              cell: (entry) => t(`code.movement.${entry.movement}`),
            },
            {
              id: "amount",
              label: t("stock.amount"),
              numeric: true,
              cell: (entry) => write(entry.amount, null, true),
            },
            {
              id: "after",
              label: t("stock.after"),
              numeric: true,
              cell: (entry) => (
                <b className="font-semibold whitespace-nowrap">{write(entry.balance_after, unit)}</b>
              ),
            },
            { id: "batch", label: t("field.stock_entry.batch"), cell: (entry) => entry.batch },
            {
              id: "expiry",
              label: t("stock.expiry_of"),
              cell: (entry) =>
                entry.expiry && <span className="whitespace-nowrap">{format.date(entry.expiry)}</span>,
            },
            {
              id: "ward",
              label: t("field.stock_entry.ward"),
              cell: (entry) => wards?.find((ward) => ward.id === entry.ward)?.name,
            },
            { id: "note", label: t("field.stock_entry.note"), cell: (entry) => entry.note },
            ...(mayWrite
              ? [
                  {
                    id: "do",
                    label: t("stock.mend"),
                    cell: (entry: LedgerLine) => (
                      <Menu
                        label={t("stock.mend")}
                        trigger={
                          <IconButton label={t("stock.mend.for", { at: format.dateTime(entry.at) })}>
                            <Ellipsis className="size-4" />
                          </IconButton>
                        }
                        choices={[
                          { id: "correct", label: t("stock.correct") },
                          { id: "void", label: t("stock.void"), danger: true },
                        ]}
                        onChoose={(what) => (what === "correct" ? onCorrect(entry.id) : onVoid(entry.id))}
                      />
                    ),
                  },
                ]
              : []),
          ]}
        />
      </div>
    </div>
  );
}

function Sums({ ledger, period }: { ledger: StockLedger; period: { from: string; to: string } }) {
  const t = useText();
  const format = useFormat();
  const write = useQuantity();
  const { unit } = ledger.line;
  const parts = [
    {
      id: "opening",
      label: t("stock.opening", { day: format.date(period.from) }),
      figure: write(ledger.opening, unit),
    },
    ...Object.entries(ledger.totals).map(([movement, sum]) => ({
      id: movement,
      label: t(`code.movement.${movement}`),
      figure: write(sum, null, true),
    })),
    {
      id: "closing",
      label: t("stock.closing", { day: format.date(period.to) }),
      figure: write(ledger.closing, unit),
    },
  ];
  return (
    <dl className="panel flex flex-wrap gap-x-8 gap-y-2 px-4 py-3">
      {parts.map((part) => (
        <div key={part.id} className="flex flex-col">
          <dt className="text-small text-soft">{part.label}</dt>
          <dd className="text-[18px] leading-7 font-semibold tabular-nums">{part.figure}</dd>
        </div>
      ))}
    </dl>
  );
}
