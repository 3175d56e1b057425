/** The figures that come first, each with the list behind it. */
import { useMay } from "../../access";
import { Bar } from "../../components/Bar";
import { Tile } from "../../components/Tile";
import type { WarRoom } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";

/** The row of figures. */
export function Figures({ room }: { room: WarRoom }) {
  const t = useText();
  const format = useFormat();
  const { free, occupied, total, blocked } = room.all_beds;
  const share = room.occupancy_permille;
  const may = useMay();
  /** The page of a list, for those who may see who is on it. */
  const listed = (href: string) => (may("see", "patient") ? href : undefined);
  return (
    <div className="grid grid-cols-3 gap-2 md:grid-cols-5 xl:grid-cols-9">
      <Tile
        label={t("warroom.free")}
        value={format.number(free)}
        unit={t("warroom.of_beds", { total })}
        href={listed("/beds")}
      />
      <Tile
        label={t("warroom.occupancy")}
        value={share === null ? null : format.percent(share / 1000)}
        href={listed("/beds")}
      >
        <Bar label={t("warroom.occupancy")} used={occupied} total={total - blocked} wordsAre="hidden" />
      </Tile>
      <Tile label={t("warroom.admitted")} value={format.number(room.admitted)} href={listed("/patients")} />
      <Tile
        label={t("warroom.waiting")}
        value={format.number(room.waiting_for_bed)}
        tone={room.waiting_for_bed > 0 ? "watch" : undefined}
        href={listed("/patients?which=waiting")}
      />
      <Tile
        label={t("warroom.positive")}
        value={format.number(room.positive)}
        href={listed("/patients?which=positive")}
      />
      <Tile
        label={t("warroom.suspected")}
        value={format.number(room.suspected)}
        href={listed("/patients?which=suspected")}
      />
      <Tile
        label={`${t("warroom.today")}: ${t("warroom.today.in")}`}
        value={format.number(room.admissions_today)}
        href={listed("/patients?which=admitted_today")}
      />
      <Tile
        label={`${t("warroom.today")}: ${t("warroom.today.out")}`}
        value={format.number(room.discharges_today)}
        delta={
          room.deaths_today > 0
            ? `${t("warroom.today.deaths")} ${format.number(room.deaths_today)}`
            : undefined
        }
        href={listed("/patients?which=discharged_today")}
      />
      <Tile
        label={t("warroom.conflicts")}
        value={format.number(room.conflicts)}
        tone={room.conflicts > 0 ? "watch" : undefined}
        href="/inbox"
      />
    </div>
  );
}
