/** What the days come to, each with the counts it is made of, so that anybody can reckon it again. */
import { Tile } from "../../components/Tile";
import type { Indicators } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";

/** The row of indicators. */
export function IndicatorTiles({ of }: { of: Indicators }) {
  const t = useText();
  const format = useFormat();
  const { occupancy_permille, stay_centidays, turnover_hundredths, interval_centidays } = of;
  const two = (hundredths: number | null) => (hundredths === null ? null : format.decimal(hundredths, 2));
  return (
    <div className="grid grid-cols-2 gap-2 md:grid-cols-3 xl:grid-cols-6">
      <Tile
        label={t("census.occupancy")}
        value={occupancy_permille === null ? null : `${format.decimal(occupancy_permille, 1)}%`}
        delta={t("census.occupancy.of", {
          used: format.number(of.bed_days),
          available: format.number(of.available_bed_days),
        })}
      />
      <Tile
        label={t("census.stay")}
        value={two(stay_centidays)}
        unit={t("census.days")}
        delta={t("census.stay.of", {
          days: format.number(of.days_stayed),
          left: format.number(of.left),
        })}
      />
      <Tile
        label={t("census.turnover")}
        value={two(turnover_hundredths)}
        unit={t("census.turnover.unit")}
        delta={t("census.turnover.of", {
          left: format.number(of.left),
          beds: format.decimal(Math.round((of.available_bed_days * 10) / of.days), 1),
        })}
      />
      <Tile
        label={t("census.interval")}
        value={two(interval_centidays)}
        unit={t("census.days")}
        delta={t("census.interval.of", {
          empty: format.number(of.available_bed_days - of.bed_days),
          left: format.number(of.left),
        })}
      />
      <Tile
        label={t("census.readmissions")}
        value={format.number(of.readmissions)}
        delta={t("census.readmissions.of", { admissions: format.number(of.admissions) })}
      />
      <Tile
        label={t("census.same_day")}
        value={format.number(of.same_day)}
        delta={t("census.same_day.of", { left: format.number(of.left) })}
      />
    </div>
  );
}
