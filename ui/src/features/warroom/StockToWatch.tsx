/** Items below zero or below their minimum, and batches that expire soon. */
import { Panel } from "../../components/Panel";
import { todayHere } from "../../components/readDate";
import { Status } from "../../components/Status";
import { TextLink } from "../../components/TextLink";
import { useQuantity } from "../../entity/useQuantity";
import type { StockLine } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";

interface StockProps {
  low: readonly StockLine[];
  expiring: readonly StockLine[];
}

/** The list: below zero, low, expiring. */
export function StockToWatch({ low, expiring }: StockProps) {
  const t = useText();
  const write = useQuantity();
  const onlyExpiring = expiring.filter((line) => !low.some((each) => each.item === line.item));
  const lines = [...low, ...onlyExpiring];
  return (
    <Panel title={`${t("warroom.stock")} · ${lines.length}`}>
      {lines.length === 0 && <p className="text-table text-soft">{t("warroom.stock.none")}</p>}
      <ul className="flex flex-col gap-1.5 text-table">
        {lines.map((line) => (
          <li key={line.item} className="flex items-baseline justify-between gap-3">
            <TextLink href={`/stock/${line.item}`}>{line.name}</TextLink>
            <span className="flex shrink-0 flex-wrap items-center justify-end gap-x-3">
              <span className="tabular-nums">{write(line.balance, line.unit)}</span>
              {line.below_zero ? (
                <Status shape="cross" tone="problem">
                  {t("warroom.stock.below_zero")}
                </Status>
              ) : (
                line.low && (
                  <Status shape="triangle" tone="problem">
                    {t("warroom.stock.low")}
                  </Status>
                )
              )}
              {expiring.some((each) => each.item === line.item) && <Expiring day={line.nearest_expiry} />}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Expiring({ day }: { day: string | null }) {
  const t = useText();
  const format = useFormat();
  if (day === null) return null;
  const isPast = day < todayHere();
  return (
    <Status shape={isPast ? "cross" : "half"} tone={isPast ? "problem" : "watch"}>
      {t(isPast ? "warroom.stock.expired" : "warroom.stock.expires", { day: format.date(day) })}
    </Status>
  );
}
