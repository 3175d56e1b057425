/** Draws a line chart with ECharts as SVG, in the colours of the theme, each line with its own sign and dash. */

import { LineChart as Lines } from "echarts/charts";
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  TooltipComponent,
} from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import type { Format } from "../i18n/format";
import { useFormat } from "../i18n/useText";
import { usePreferences } from "../preferences";
import { there } from "../zone";
import type { LineChartProps, Series } from "./LineChart";

use([Lines, GridComponent, TooltipComponent, LegendComponent, MarkAreaComponent, AriaComponent, SVGRenderer]);

const SIGNS = ["circle", "triangle", "rect", "diamond"] as const;
const DASHES = ["solid", "dashed", "dotted", [8, 3, 2, 3]] as const;

/** The drawing itself. */
export function LineDrawing({ series, height = 220, band, grain = "moment", title }: LineChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const format = useFormat();
  const { theme } = usePreferences();
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const chart = init(element, undefined, { renderer: "svg" });
    chart.setOption(option(series, band, grain, title, format));
    const watch = new ResizeObserver(() => chart.resize());
    watch.observe(element);
    return () => {
      watch.disconnect();
      chart.dispose();
    };
  }, [series, band, grain, title, format, theme]);
  return <div ref={place} style={{ height }} className="w-full" />;
}

function option(
  series: readonly Series[],
  band: LineChartProps["band"],
  grain: "day" | "moment",
  title: string,
  format: Format,
) {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const words = { color: color("soft"), fontFamily: color("font-sans") || "sans-serif", fontSize: 12 };
  const when = (at_ms: number) => (grain === "day" ? format.date(at_ms) : format.dateTime(at_ms));
  return {
    animation: false,
    aria: { enabled: true, label: { description: title } },
    textStyle: words,
    grid: { left: 44, right: 16, top: 32, bottom: 28 },
    legend: { top: 0, left: 0, textStyle: words, itemWidth: 28, icon: undefined },
    tooltip: {
      trigger: "axis",
      backgroundColor: color("panel"),
      borderColor: color("line"),
      textStyle: { ...words, color: color("ink") },
    },
    xAxis: {
      type: "time",
      axisLine: { lineStyle: { color: color("edge") } },
      axisLabel: {
        ...words,
        hideOverlap: true,
        formatter: (at_ms: number) => (grain === "day" ? format.dayMonth(at_ms) : axisMoment(at_ms, format)),
      },
      splitLine: { show: false },
      axisPointer: { label: { formatter: (point: { value: number }) => when(point.value) } },
    },
    yAxis: {
      type: "value",
      scale: true,
      axisLabel: words,
      splitLine: { lineStyle: { color: color("line") } },
    },
    series: series.map((line, index) => {
      const ink = color(`series-${(index % 4) + 1}`);
      const scale = 10 ** (line.places ?? 0);
      return {
        type: "line" as const,
        name: line.unit ? `${line.label} (${line.unit})` : line.label,
        data: line.points.map((point) => [point.at_ms, point.value === null ? null : point.value / scale]),
        symbol: SIGNS[index % SIGNS.length],
        symbolSize: 7,
        connectNulls: false,
        color: ink,
        lineStyle: { width: 2, type: DASHES[index % DASHES.length] as "solid" },
        markArea:
          band && index === 0
            ? {
                silent: true,
                itemStyle: { color: color("sunken"), opacity: 0.7 },
                label: { ...words, position: "insideTopRight" as const },
                data: [[{ name: band.label, yAxis: band.from / scale }, { yAxis: band.to / scale }]] as never,
              }
            : undefined,
      };
    }),
  };
}

/** Midnight shows the day, other hours the time. */
function axisMoment(at_ms: number, format: Format): string {
  const at = there(at_ms);
  return at.getUTCHours() === 0 && at.getUTCMinutes() === 0 ? format.dayMonth(at_ms) : format.time(at_ms);
}
