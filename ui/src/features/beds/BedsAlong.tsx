/** The beds as a file: a row a bed with its ward, type and state. Nobody who lies there is named. */

import { todayHere } from "../../components/readDate";
import { TakeAlong } from "../../entity/TakeAlong";
import type { BedBoard, BedTile, WardBand } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { useNow } from "../../now";

interface Row {
  ward: WardBand;
  bed: BedTile;
}

/** The button, and its dialog. */
export function BedsAlong({ board }: { board: BedBoard }) {
  const t = useText();
  const format = useFormat();
  const now_ms = useNow();
  const rows: Row[] = board.wards.flatMap((ward) => ward.beds.map((bed) => ({ ward, bed })));
  const { free, occupied, total } = board.figures;
  return (
    <TakeAlong
      title={t("beds.title")}
      about={`${format.dateTime(now_ms)} · ${t("beds.band", { free, occupied, total })}`}
      name={`beds-${todayHere(now_ms)}`}
      rows={rows}
      columns={[
        { label: t("kind.ward"), file: ({ ward }) => ward.name },
        { label: t("kind.bed"), file: ({ bed }) => bed.label },
        { label: t("field.bed.bed_type"), file: ({ bed }) => t(`code.bed_type.${bed.bed_type}`) },
        { label: t("beds.state"), file: ({ bed }) => t(`beds.status.${bed.status}`) },
        { label: t("beds.since_when"), file: ({ bed }) => since(bed) },
      ]}
    />
  );

  function since(bed: BedTile): string | null {
    const from = bed.occupant?.since ?? bed.hold?.from;
    return from === undefined ? null : format.dateTime(from);
  }
}
