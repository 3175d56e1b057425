/** The rounds of the open encounter: charts over time, and the table they are drawn from. */
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { LineChart } from "../../components/LineChart";
import { Table } from "../../components/Table";
import type { RoundShown } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { ScoreChip } from "./ScoreChip";

export interface RoundsPartProps {
  rounds: readonly RoundShown[];
  onCorrect: ((round: RoundShown) => void) | null;
}

/** The charts, field by field. */
const CHARTS = [
  { title: "pressure", fields: ["systolic", "diastolic", "pulse"] },
  { title: "breath", fields: ["spo2", "respiratory_rate"] },
  { title: "temperature", fields: ["temperature"] },
] as const;

const UNITS: Record<string, string> = {
  systolic: "mmHg",
  diastolic: "mmHg",
  pulse: "/min",
  spo2: "%",
  respiratory_rate: "/min",
  temperature: "°C",
};

/** Places after the point; charts take scaled integers. */
const PLACES: Record<string, number> = { temperature: 1 };

/** The part. */
export function RoundsPart({ rounds, onCorrect }: RoundsPartProps) {
  const t = useText();
  const format = useFormat();
  if (rounds.length === 0) return <EmptyState title={t("patients.norounds")} />;
  const standing = rounds.filter((round) => round.corrected_by === null).toReversed();
  const scaled = (round: RoundShown, field: string) => {
    const value = round.fields[field];
    const number = Number(value) * 10 ** (PLACES[field] ?? 0);
    return value === undefined || value === null || Number.isNaN(number) ? null : Math.round(number);
  };
  const column = (field: string) => ({
    id: field,
    label: t(`field.round.${field}`),
    cell: (round: RoundShown) => round.fields[field] as string | number | null,
    numeric: true,
  });
  return (
    <div className="flex flex-col gap-4">
      <div className="grid grid-cols-1 gap-3 xl:grid-cols-3">
        {CHARTS.map(({ title, fields }) => (
          <LineChart
            key={title}
            title={t(`patients.chart.${title}`)}
            grain="moment"
            series={fields.map((field) => ({
              id: field,
              label: t(`field.round.${field}`),
              unit: UNITS[field],
              places: PLACES[field] ?? 0,
              points: standing.map((round) => ({ at_ms: round.at, value: scaled(round, field) })),
            }))}
          />
        ))}
      </div>
      <Table
        caption={t("patients.rounds")}
        rows={rounds}
        rowId={(round) => round.id}
        columns={[
          { id: "at", label: t("patients.at"), cell: (round: RoundShown) => format.dateTime(round.at) },
          {
            id: "news2",
            label: "NEWS2",
            cell: (round: RoundShown) => <ScoreChip news2={round.news2} />,
          },
          column("respiratory_rate"),
          column("spo2"),
          column("systolic"),
          column("diastolic"),
          column("pulse"),
          column("temperature"),
          {
            id: "correct",
            label: t("patients.round.correct"),
            cell: (round: RoundShown) =>
              round.corrected_by ? (
                t("patients.round.corrected")
              ) : onCorrect ? (
                <Button variant="quiet" onPress={() => onCorrect(round)}>
                  {t("patients.round.correct")}
                </Button>
              ) : null,
          },
        ]}
      />
    </div>
  );
}
