/** Values over time with a table twin: the drawing is fetched only when a page shows one. */
import { ChartLine, Table2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useFormat, useText } from "../i18n/useText";
import { Button } from "./Button";
import type { Column } from "./Column";
import { Skeleton } from "./Loading";
import { Table } from "./Table";

/** One line of a chart. */
export interface Series {
  id: string;
  label: string;
  unit?: string;
  /** Places after the point; the values are scaled integers. */
  places?: number;
  /** Oldest first; null is a gap. */
  points: readonly { at_ms: number; value: number | null }[];
}

export interface LineChartProps {
  title: string;
  series: readonly Series[];
  height?: number;
  /** Where the usual values lie, drawn as a band; scaled like the first series. */
  band?: { from: number; to: number; label: string };
  /** `day` labels the axis with days, `moment` with days and times. */
  grain?: "day" | "moment";
}

const Drawing = lazy(() => import("./LineDrawing").then((file) => ({ default: file.LineDrawing })));

/** A line chart; "Show as table" gives the same values in figures. */
export function LineChart(props: LineChartProps) {
  const t = useText();
  const [asTable, setAsTable] = useState(false);
  return (
    <figure aria-label={props.title} className="m-0">
      <figcaption className="flex items-center justify-between gap-4">
        <span className="font-semibold">{props.title}</span>
        <Button
          variant="quiet"
          icon={asTable ? <ChartLine className="size-4" /> : <Table2 className="size-4" />}
          onPress={() => setAsTable(!asTable)}
        >
          {asTable ? t("ui.chart.as_chart") : t("ui.chart.as_table")}
        </Button>
      </figcaption>
      {asTable ? (
        <ChartTable {...props} />
      ) : (
        <Suspense fallback={<Skeleton lines={4} shape="rows" />}>
          <Drawing {...props} />
        </Suspense>
      )}
    </figure>
  );
}

interface MomentRow {
  at_ms: number;
  values: Record<string, number | null>;
}

function ChartTable({ title, series, grain }: LineChartProps) {
  const t = useText();
  const format = useFormat();
  const columns: Column<MomentRow>[] = [
    {
      id: "at",
      label: t("ui.chart.when"),
      cell: (row) => (grain === "day" ? format.date(row.at_ms) : format.dateTime(row.at_ms)),
    },
    ...series.map((line) => ({
      id: line.id,
      label: line.unit ? `${line.label} (${line.unit})` : line.label,
      numeric: true,
      cell: (row: MomentRow) => {
        const value = row.values[line.id];
        return value == null ? null : format.decimal(value, line.places ?? 0);
      },
    })),
  ];
  return (
    <Table
      caption={title}
      captionIs="hidden"
      columns={columns}
      rows={rowsOf(series)}
      rowId={(row) => String(row.at_ms)}
    />
  );
}

/** Newest first, one row a moment. */
function rowsOf(series: readonly Series[]): MomentRow[] {
  const rows = new Map<number, MomentRow>();
  for (const line of series) {
    for (const point of line.points) {
      const row = rows.get(point.at_ms) ?? { at_ms: point.at_ms, values: {} };
      row.values[line.id] = point.value;
      rows.set(point.at_ms, row);
    }
  }
  return [...rows.values()].sort((a, b) => b.at_ms - a.at_ms);
}
