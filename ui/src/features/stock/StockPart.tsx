/** Every item on one line, and the ways to record a movement. */
import { Ellipsis } from "lucide-react";
import { useState } from "react";
import { useMay } from "../../access";
import { useSeen } from "../../backend-context";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { IconButton } from "../../components/IconButton";
import { Loaded } from "../../components/Loaded";
import { Menu } from "../../components/Menu";
import { PageHeader } from "../../components/PageHeader";
import { todayHere } from "../../components/readDate";
import { Status } from "../../components/Status";
import { Table } from "../../components/Table";
import { decimalOf, numberOf, TakeAlong } from "../../entity/TakeAlong";
import { useQuantity } from "../../entity/useQuantity";
import type { StockLine } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { useNow } from "../../now";
import { MovementDialog } from "./MovementDialog";
import { MOVEMENTS, standOf } from "./movement";

export interface StockPartProps {
  /** The movement that is recorded from the beginning. */
  movement?: string | null;
  onRecorded?(): void;
  onOpen(item: string): void;
}

/** The table. */
export function StockPart({ movement = null, onRecorded, onOpen }: StockPartProps) {
  const t = useText();
  const format = useFormat();
  const write = useQuantity();
  const now_ms = useNow();
  const may = useMay()("write", "stock_entry");
  const view = useSeen<StockLine[]>("stock", null, { kinds: ["stock_entry", "item", "minimum_level"] });
  const [asked, setAsked] = useState<{ item: string | null; movement: string } | null>(null);
  const start = asked ?? (movement && may ? { item: null, movement } : null);
  const close = () => {
    setAsked(null);
    if (movement) onRecorded?.();
  };
  const lines = view.data?.data ?? [];
  const low = lines.filter((line) => line.low).length;
  const choices = MOVEMENTS.map((id) => ({ id, label: t(`stock.do.${id}`) }));
  const lastOf = (at: number) => {
    const isToday = format.date(at) === format.date(now_ms);
    return t("format.as_of", { when: isToday ? format.time(at) : format.dayMonth(at) });
  };
  return (
    <>
      <PageHeader
        title={t("stock.title")}
        detail={view.data && t("stock.detail", { items: lines.length, low })}
        actions={
          <>
            {lines.length > 0 && <StockAlong lines={lines} />}
            {may && (
              <Button
                variant="primary"
                data-primary
                onPress={() => setAsked({ item: null, movement: "receive" })}
              >
                {t("stock.record")}
              </Button>
            )}
          </>
        }
      />
      <Loaded
        view={view}
        isEmpty={(seen) => seen.data.length === 0}
        empty={<EmptyState title={t("stock.none")}>{t("stock.none.what")}</EmptyState>}
      >
        {(seen) => (
          <div className="panel">
            <Table<StockLine>
              caption={t("stock.title")}
              captionIs="hidden"
              rows={seen.data}
              rowId={(line) => line.item}
              columns={[
                {
                  id: "name",
                  label: t("kind.item"),
                  width: "22%",
                  cell: (line) => <ItemName line={line} onOpen={onOpen} />,
                },
                {
                  id: "balance",
                  label: t("stock.balance"),
                  numeric: true,
                  cell: (line) => (
                    <b className="font-semibold whitespace-nowrap">{write(line.balance, line.unit)}</b>
                  ),
                },
                {
                  id: "minimum",
                  label: t("stock.minimum"),
                  numeric: true,
                  cell: (line) => line.minimum && write(line.minimum),
                },
                { id: "stand", label: t("stock.state"), cell: (line) => <Stand line={line} /> },
                {
                  id: "lasts",
                  label: t("stock.lasts"),
                  numeric: true,
                  cell: (line) =>
                    line.days_left === null ? null : t("stock.days", { count: line.days_left }),
                  missing: t("stock.not_used"),
                },
                {
                  id: "expiry",
                  label: t("stock.expiry"),
                  cell: (line) => line.nearest_expiry && <Expiry day={line.nearest_expiry} now_ms={now_ms} />,
                },
                {
                  id: "last",
                  label: t("stock.last"),
                  cell: (line) =>
                    line.last_at === null ? null : <span className="text-soft">{lastOf(line.last_at)}</span>,
                  missing: t("stock.never"),
                },
                ...(may
                  ? [
                      {
                        id: "do",
                        label: t("stock.more"),
                        cell: (line: StockLine) => (
                          <Menu
                            label={t("stock.do")}
                            trigger={
                              <IconButton label={t("stock.do.for", { item: line.name })}>
                                <Ellipsis className="size-4" />
                              </IconButton>
                            }
                            choices={choices}
                            onChoose={(movement) => setAsked({ item: line.item, movement })}
                          />
                        ),
                      },
                    ]
                  : []),
              ]}
            />
          </div>
        )}
      </Loaded>
      {start && view.data && (
        <MovementDialog lines={lines} as_of={view.data.as_of} start={start} onClose={close} />
      )}
    </>
  );
}

/** The list as a file: figures as figures, each unit in a column of its own. */
function StockAlong({ lines }: { lines: readonly StockLine[] }) {
  const t = useText();
  const format = useFormat();
  const now_ms = useNow();
  return (
    <TakeAlong
      title={t("stock.title")}
      about={format.dateTime(now_ms)}
      name={`stock-${todayHere(now_ms)}`}
      rows={lines}
      columns={[
        { label: t("kind.item"), file: (line) => line.name },
        { label: t("stock.balance"), file: (line) => decimalOf(line.balance) },
        { label: t("stock.minimum"), file: (line) => line.minimum && decimalOf(line.minimum) },
        { label: t("field.item.unit"), file: (line) => line.unit && t(`code.unit.${line.unit}`) },
        { label: t("stock.state"), file: (line) => t(`stock.state.${standOf(line).word}`) },
        {
          label: t("stock.days_left"),
          file: (line) => (line.days_left === null ? null : numberOf(line.days_left)),
        },
        { label: t("stock.expiry"), file: (line) => line.nearest_expiry },
      ]}
    />
  );
}

function ItemName({ line, onOpen }: { line: StockLine; onOpen(item: string): void }) {
  const t = useText();
  return (
    <span className="flex flex-col items-start">
      <button
        type="button"
        onClick={() => onOpen(line.item)}
        className="min-h-6 cursor-pointer rounded-control text-left font-medium text-accent underline underline-offset-2"
      >
        {line.name}
      </button>
      {line.oxygen && <span className="text-small text-faint">{t("field.item.oxygen")}</span>}
    </span>
  );
}

/** Low, below zero, enough: shape and word. */
export function Stand({ line }: { line: StockLine }) {
  const t = useText();
  const { word, shape, tone } = standOf(line);
  return (
    <Status shape={shape} tone={tone}>
      {t(`stock.state.${word}`)}
    </Status>
  );
}

const SOON_MS = 30 * 86_400_000;

/** A day; what expires within a month is marked. */
export function Expiry({ day, now_ms }: { day: string; now_ms: number }) {
  const t = useText();
  const format = useFormat();
  const left_ms = Date.parse(`${day}T00:00:00`) - now_ms;
  if (left_ms > SOON_MS) return <span className="whitespace-nowrap">{format.date(day)}</span>;
  return (
    <span className="flex flex-col items-start">
      <span className="whitespace-nowrap">{format.date(day)}</span>
      <Status shape="half" tone="watch">
        {t(left_ms < -86_400_000 ? "stock.expired" : "stock.expires_soon")}
      </Status>
    </span>
  );
}
