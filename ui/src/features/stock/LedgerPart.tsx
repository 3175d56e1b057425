/** The ledger of an item over a period: opening, movements, closing; entries can be corrected. */
import { useState } from "react";
import { useMay } from "../../access";
import { useSeen } from "../../backend-context";
import { Button } from "../../components/Button";
import { DateField } from "../../components/DateField";
import { Loaded } from "../../components/Loaded";
import { Menu } from "../../components/Menu";
import { PageHeader } from "../../components/PageHeader";
import { Select } from "../../components/Select";
import { useQuantity } from "../../entity/useQuantity";
import type { StockLedger } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { useNow } from "../../now";
import { CorrectEntry } from "./CorrectEntry";
import { LedgerAlong } from "./LedgerAlong";
import { LedgerTable } from "./LedgerTable";
import { MovementDialog } from "./MovementDialog";
import { MOVEMENTS, periodOf } from "./movement";
import { Stand } from "./StockPart";
import { VoidEntry } from "./VoidEntry";

type Asked = { what: "record"; movement: string } | { what: "correct" | "void"; entry: string };

/** The page's content. */
export function LedgerPart({ item, today }: { item: string; today: string }) {
  const t = useText();
  const format = useFormat();
  const write = useQuantity();
  const now_ms = useNow();
  const may = useMay()("write", "stock_entry");
  const [choice, setChoice] = useState("month");
  const [own, setOwn] = useState(periodOf("month", today));
  const [asked, setAsked] = useState<Asked | null>(null);
  const period = choice === "own" ? own : periodOf(choice, today);
  const view = useSeen<StockLedger>(
    "stock_item",
    { item, ...period },
    { kinds: ["stock_entry", "item"], keepPrevious: true },
  );
  const line = view.data?.data.line;
  const close = () => setAsked(null);
  return (
    <>
      <PageHeader
        title={line?.name ?? t("kind.item")}
        detail={
          line && (
            <span className="flex flex-wrap items-center gap-x-4">
              <b className="text-ink">{write(line.balance, line.unit)}</b>
              <Stand line={line} />
              {line.minimum && t("stock.minimum_is", { quantity: write(line.minimum, line.unit) })}
              <span>{format.asOf(line.last_at, now_ms)}</span>
            </span>
          )
        }
        actions={
          <>
            {view.data && <LedgerAlong ledger={view.data.data} period={period} />}
            {may && (
              <>
                <Button
                  variant="primary"
                  data-primary
                  onPress={() => setAsked({ what: "record", movement: "count" })}
                >
                  {t("stock.count_now")}
                </Button>
                <Menu
                  label={t("stock.do")}
                  choices={MOVEMENTS.map((id) => ({ id, label: t(`stock.do.${id}`) }))}
                  onChoose={(movement) => setAsked({ what: "record", movement })}
                />
              </>
            )}
          </>
        }
      />
      <div className="mb-3 flex flex-wrap items-start gap-4">
        <Select
          id="stock.period"
          label={t("stock.period")}
          width="200px"
          value={choice}
          onChange={(next) => setChoice(next ?? "month")}
          choices={["month", "days", "own"].map((id) => ({ id, label: t(`stock.period.${id}`) }))}
        />
        {choice === "own" && (
          <>
            <DateField
              id="stock.from"
              label={t("stock.from")}
              value={own.from}
              max={own.to}
              onChange={(from) => from && setOwn({ ...own, from })}
            />
            <DateField
              id="stock.to"
              label={t("stock.to")}
              value={own.to}
              min={own.from}
              onChange={(to) => to && setOwn({ ...own, to })}
            />
          </>
        )}
      </div>
      <Loaded view={view}>
        {(seen) => (
          <LedgerTable
            ledger={seen.data}
            period={period}
            mayWrite={may}
            onCorrect={(entry) => setAsked({ what: "correct", entry })}
            onVoid={(entry) => setAsked({ what: "void", entry })}
          />
        )}
      </Loaded>
      {view.data && line && asked?.what === "record" && (
        <MovementDialog
          lines={[line]}
          as_of={view.data.as_of}
          start={{ item, movement: asked.movement }}
          onClose={close}
        />
      )}
      {line && asked?.what === "correct" && <CorrectEntry line={line} entry={asked.entry} onClose={close} />}
      {view.data && asked?.what === "void" && (
        <VoidEntry entry={asked.entry} as_of={view.data.as_of} onClose={close} />
      )}
    </>
  );
}
