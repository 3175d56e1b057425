/** The ledger of an item as a file: opening, each entry with what there was after it, closing. What people noted stays here. */
import { useView } from "../../backend-context";
import { decimalOf, TakeAlong } from "../../entity/TakeAlong";
import type { LedgerLine, StockLedger } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";

interface Row {
  at: string;
  what: string;
  entry: LedgerLine | null;
  balance: string;
}

/** The button, and its dialog. */
export function LedgerAlong({
  ledger,
  period,
}: {
  ledger: StockLedger;
  period: { from: string; to: string };
}) {
  const t = useText();
  const format = useFormat();
  const wards = useView<{ id: string; name?: string }[]>(
    "records",
    { kind: "ward" },
    { kinds: ["ward"] },
  ).data;
  const { line } = ledger;
  const unit = line.unit && t(`code.unit.${line.unit}`);
  const rows: Row[] = [
    {
      at: format.date(period.from),
      what: t("stock.along.opening"),
      entry: null,
      balance: ledger.opening,
    },
    // On paper a ledger is read from its opening on.
    ...[...ledger.entries].reverse().map((entry) => ({
      at: format.dateTime(entry.at),
      what: t(`code.movement.${entry.movement}`),
      entry,
      balance: entry.balance_after,
    })),
    { at: format.date(period.to), what: t("stock.along.closing"), entry: null, balance: ledger.closing },
  ];
  return (
    <TakeAlong
      title={t("stock.along.title", { item: line.name })}
      about={[`${format.date(period.from)} – ${format.date(period.to)}`, unit].filter(Boolean).join(" · ")}
      name={`stock-ledger-${period.from}-${period.to}`}
      rows={rows}
      columns={[
        { label: t("field.stock_entry.at"), file: ({ at }) => at },
        { label: t("field.stock_entry.movement"), file: ({ what }) => what },
        { label: t("stock.amount"), file: ({ entry }) => entry && decimalOf(entry.amount) },
        { label: t("stock.after"), file: ({ balance }) => decimalOf(balance) },
        { label: t("field.stock_entry.batch"), file: ({ entry }) => entry?.batch ?? null },
        { label: t("stock.expiry_of"), file: ({ entry }) => entry?.expiry ?? null },
        {
          label: t("field.stock_entry.ward"),
          file: ({ entry }) => wards?.find((ward) => ward.id === entry?.ward)?.name ?? null,
        },
      ]}
    />
  );
}
