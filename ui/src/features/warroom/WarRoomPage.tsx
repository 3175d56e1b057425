/** The war room: where do we stand right now? Every figure opens the list it counts. */
import { useView } from "../../backend-context";
import { ButtonLink } from "../../components/ButtonLink";
import { LineChart } from "../../components/LineChart";
import { Loaded } from "../../components/Loaded";
import { Skeleton } from "../../components/Loading";
import { PageHeader } from "../../components/PageHeader";
import { Panel } from "../../components/Panel";
import type { TrendDay, WarRoom } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { BedTypes } from "./BedTypes";
import { Figures } from "./Figures";
import { Concerning, Overdue } from "./PeopleToSee";
import { StockToWatch } from "./StockToWatch";
import { TriageToday } from "./TriageToday";
import { Unattended } from "./Unattended";

/** The page. */
export function WarRoomPage() {
  const t = useText();
  const view = useView<WarRoom>("war_room");
  return (
    <div className="flex flex-col gap-3">
      <Loaded view={view} loading={<Skeleton lines={6} shape="tiles" />}>
        {(room) => (
          <>
            <PageHeader
              title={t("warroom.title")}
              detail={room.facility_name}
              actions={<ButtonLink href="/census">{t("census.title")}</ButtonLink>}
            />
            <Unattended waiting={room.unattended} />
            <Figures room={room} />
            <div className="grid grid-cols-1 items-start gap-3 lg:grid-cols-[minmax(0,5fr)_minmax(0,4fr)_minmax(0,4fr)]">
              <BedTypes beds={room.beds} />
              <div className="flex min-w-0 flex-col gap-3">
                <Concerning lines={room.concerning} />
                <Overdue lines={room.overdue} />
              </div>
              <div className="flex min-w-0 flex-col gap-3">
                <TriageToday shifts={room.triage_today} />
                <StockToWatch low={room.low_stock} expiring={room.expiring_stock} />
              </div>
            </div>
            <Trends days={room.trend} />
          </>
        )}
      </Loaded>
    </div>
  );
}

function Trends({ days }: { days: readonly TrendDay[] }) {
  const t = useText();
  const series = (id: keyof TrendDay, label: string) => ({
    id,
    label,
    points: days.map((day) => ({ at_ms: Date.parse(day.day), value: day[id] as number | null })),
  });
  return (
    <div className="grid grid-cols-1 gap-3 lg:grid-cols-2">
      <Panel>
        <LineChart
          title={t("warroom.trend.census")}
          grain="day"
          height={180}
          series={[
            series("census", t("warroom.trend.census.line")),
            series("admissions", t("warroom.today.in")),
            series("discharges", t("warroom.today.out")),
          ]}
        />
      </Panel>
      <Panel>
        <LineChart
          title={t("warroom.trend.triage")}
          grain="day"
          height={180}
          series={[series("visited", t("warroom.trend.visited")), series("positives", t("warroom.positive"))]}
        />
      </Panel>
    </div>
  );
}
