/** The census: who was there at midnight, in which ward, who came and went, and what the days come to. */
import { useState } from "react";
import { useView } from "../../backend-context";
import { ButtonLink } from "../../components/ButtonLink";
import { LineChart } from "../../components/LineChart";
import { Loaded } from "../../components/Loaded";
import { PageHeader } from "../../components/PageHeader";
import { Panel } from "../../components/Panel";
import { todayHere } from "../../components/readDate";
import { Status } from "../../components/Status";
import { TextLink } from "../../components/TextLink";
import type { Census, DayCensus, Expected } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { IndicatorTiles } from "./IndicatorTiles";
import { PeriodField } from "./PeriodField";
import { type Period, type Span, spanOf } from "./period";
import { WardsTable } from "./WardsTable";

/** What the figures follow from. */
const KINDS = ["encounter", "bed_stay", "bed_hold", "bed", "ward"];

/** The page. */
export function CensusPage() {
  const t = useText();
  const format = useFormat();
  const today = todayHere();
  const [period, setPeriod] = useState<Period>("yesterday");
  const [own, setOwn] = useState<Span>(() => spanOf("own", today));
  const span = period === "own" ? own : spanOf(period, today);
  const view = useView<Census>("census", span, { kinds: KINDS, keepPrevious: true });
  const days =
    span.first === span.last
      ? format.date(span.first)
      : t("census.days_of", { first: format.date(span.first), last: format.date(span.last) });
  return (
    <>
      <PageHeader
        title={t("census.title")}
        detail={span.last === today ? t("census.until_now", { days }) : t("census.at_midnight", { days })}
        actions={<ButtonLink href="/">{t("layout.rail.warroom")}</ButtonLink>}
      />
      <PeriodField period={period} span={span} today={today} onPeriod={setPeriod} onSpan={setOwn} />
      <Loaded view={view}>
        {(census) => (
          <div className="flex flex-col gap-3">
            {census.indicators ? (
              <IndicatorTiles of={census.indicators} />
            ) : (
              <p className="text-table text-soft">{t("census.no_day_yet")}</p>
            )}
            {census.indicators && census.is_running && (
              <p className="text-table text-soft">{t("census.without_today")}</p>
            )}
            <WardsTable census={census} days={days} />
            <Leaving expected={census.expected} />
            {census.days.length > 1 && <Course days={census.days} />}
            <p className="text-small text-soft">{t("census.how")}</p>
          </div>
        )}
      </Loaded>
    </>
  );
}

/** Who is expected to leave soon, whatever the days: what the bed manager asks first in the morning. */
function Leaving({ expected }: { expected: Expected }) {
  const t = useText();
  const { overdue, today, tomorrow } = expected;
  return (
    <p className="flex flex-wrap items-baseline gap-x-3 text-table">
      <span>{t("census.expected", { today, tomorrow })}</span>
      {overdue > 0 && (
        <Status shape="diamond" tone="watch">
          {t("census.expected.overdue", { count: overdue })}
        </Status>
      )}
      {overdue + today + tomorrow > 0 && (
        <TextLink href="/patients?which=leaving">{t("census.expected.who")}</TextLink>
      )}
    </p>
  );
}

function Course({ days }: { days: readonly DayCensus[] }) {
  const t = useText();
  const series = (id: "census" | "admissions" | "left", label: string) => ({
    id,
    label,
    points: days.map(({ day, movements }) => ({
      at_ms: Date.parse(day),
      value: id === "left" ? movements.discharges + movements.deaths : movements[id],
    })),
  });
  return (
    <Panel>
      <LineChart
        title={t("census.course")}
        grain="day"
        height={200}
        series={[
          series("census", t("census.census")),
          series("admissions", t("census.admissions")),
          series("left", t("census.left")),
        ]}
      />
    </Panel>
  );
}
