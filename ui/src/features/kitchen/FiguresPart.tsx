/** Tiles, bars, sparklines and a chart. */
import { Bar } from "../../components/Bar";
import { LineChart } from "../../components/LineChart";
import { Panel } from "../../components/Panel";
import { Sparkline } from "../../components/Sparkline";
import { Tile } from "../../components/Tile";
import { useFormat } from "../../i18n/useText";
import { useSamples } from "./samples";

const NOON = new Date(2026, 10, 20, 12).getTime();
const HOUR_MS = 3_600_000;
const DAYS = [11, 12, 12, 14, 13, null, 15, 16, 15, 17, 17, 18, 17, 17];
const PULSE = [88, 92, 96, null, 104, 110, 108, 101, 96, 92];
const SPO2 = [96, 95, 94, 93, 91, 90, 92, 94, 95, 96];

/** Figures. */
export function FiguresPart() {
  const s = useSamples();
  const format = useFormat();
  const asOf = format.asOf(NOON, NOON + HOUR_MS);
  const old = format.asOf(NOON - 50 * HOUR_MS, NOON);
  const points = (values: readonly (number | null)[]) =>
    values.map((value, index) => ({ at_ms: NOON + (index - values.length) * 4 * HOUR_MS, value }));
  return (
    <>
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Tile label={s.free_beds} value="3" unit={s.of} delta={s.since} asOf={asOf} href="/beds">
          <Bar label={s.free_beds} used={17} total={20} />
        </Tile>
        <Tile label={s.positives} value={format.number(1234567)} asOf={asOf} tone="watch">
          <Sparkline label={s.positives} values={DAYS} width={200} />
        </Tile>
        <Tile label={s.oxygen_left} value="2" unit={s.days_left} tone="problem" asOf={asOf} href="/stock">
          <Bar label={s.oxygen_left} used={20} total={20} />
        </Tile>
        <Tile label={s.referred} value={null} asOf={old} stale>
          <Bar label={s.referred} used={9} total={20} />
        </Tile>
      </div>
      <Panel>
        <LineChart
          title={s.vitals}
          series={[
            { id: "pulse", label: s.pulse, unit: "/min", points: points(PULSE) },
            { id: "spo2", label: s.spo2, unit: "%", points: points(SPO2) },
          ]}
          band={{ from: 51, to: 90, label: s.usual }}
        />
      </Panel>
    </>
  );
}
