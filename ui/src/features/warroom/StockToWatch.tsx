/** Items below their minimum, and batches that expire soon. */
import { Panel } from "../../components/Panel";
import { Status } from "../../components/Status";
import { TextLink } from "../../components/TextLink";
import type { StockLine } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";

/** The list: low first. */
export function StockToWatch({
  low,
  expiring,
}: {
  low: readonly StockLine[];
  expiring: readonly StockLine[];
}) {
  const t = useText();
  const format = useFormat();
  const onlyExpiring = expiring.filter((line) => !low.some((each) => each.item === line.item));
  return (
    <Panel title={`${t("warroom.stock")} · ${low.length + onlyExpiring.length}`}>
      {low.length + onlyExpiring.length === 0 && (
        <p className="text-table text-soft">{t("warroom.stock.none")}</p>
      )}
      <ul className="flex flex-col gap-1.5 text-table">
        {[...low, ...onlyExpiring].map((line) => (
          <li key={line.item} className="flex items-baseline justify-between gap-3">
            <TextLink href={`/stock/${line.item}`}>{line.name}</TextLink>
            <span className="flex shrink-0 items-center gap-3">
              <span className="tabular-nums">{Number(line.balance).toLocaleString("en-IN")}</span>
              {line.low ? (
                <Status shape="triangle" tone="problem">
                  {t("warroom.stock.low")}
                </Status>
              ) : (
                <Status shape="half" tone="watch">
                  {t("warroom.stock.expires", { day: format.date(line.nearest_expiry) })}
                </Status>
              )}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
