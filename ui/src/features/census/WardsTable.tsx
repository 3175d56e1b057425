/** How the census of each ward moved: who was there before, who came, went, and is there after. Each row adds up. */
import type { Column } from "../../components/Column";
import { Panel } from "../../components/Panel";
import { Table } from "../../components/Table";
import { type FileColumn, numberOf, TakeAlong } from "../../entity/TakeAlong";
import type { Census, Movements, WardCensus } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";

interface Row {
  id: string;
  name: string;
  /** Why it is not counted among the beds. */
  note: string | null;
  movements: Movements;
  bed_days: number | null;
  occupancy_permille: number | null;
  isWhole: boolean;
}

/** The table; the whole hospital stands last. `days` says in words which days it is of. */
export function WardsTable({ census, days }: { census: Census; days: string }) {
  const t = useText();
  const format = useFormat();
  const rows: Row[] = census.wards.map((ward) => ({
    id: ward.ward ?? "waiting",
    name: ward.name ?? t("census.waiting"),
    note: noteOf(ward),
    movements: ward.movements,
    bed_days: census.indicators && ward.bed_days,
    occupancy_permille: ward.is_for_inpatients ? ward.occupancy_permille : null,
    isWhole: false,
  }));
  rows.push({
    id: "whole",
    name: t("census.whole"),
    note: null,
    movements: census.whole,
    bed_days: census.indicators && census.wards.reduce((sum, ward) => sum + ward.bed_days, 0),
    occupancy_permille: census.indicators?.occupancy_permille ?? null,
    isWhole: true,
  });
  const count = (id: keyof Movements, sign: "" | "+" | "−"): Column<Row> & FileColumn<Row> => ({
    id,
    label: t(`census.${id}`),
    numeric: true,
    file: ({ movements }) => numberOf(movements[id]),
    cell: ({ movements, isWhole }) => {
      const written = `${movements[id] > 0 ? sign : ""}${format.number(movements[id])}`;
      return <span className={isWhole || sign === "" ? "font-semibold" : undefined}>{written}</span>;
    },
  });
  const columns: (Column<Row> & FileColumn<Row>)[] = [
    {
      id: "ward",
      label: t("census.ward"),
      file: ({ name }) => name,
      cell: ({ name, note, isWhole }) => (
        <>
          <span className={isWhole ? "font-semibold" : undefined}>{name}</span>
          {note && <span className="block text-small text-soft">{note}</span>}
        </>
      ),
    },
    count("before", ""),
    count("admissions", "+"),
    count("transfers_in", "+"),
    count("transfers_out", "−"),
    count("discharges", "−"),
    count("deaths", "−"),
    count("census", ""),
    {
      id: "bed_days",
      label: t("census.bed_days"),
      numeric: true,
      file: ({ bed_days }) => (bed_days === null ? null : numberOf(bed_days)),
      cell: ({ bed_days }) => (bed_days === null ? null : format.number(bed_days)),
    },
    {
      id: "occupancy",
      label: t("census.occupancy"),
      fileLabel: `${t("census.occupancy")} (%)`,
      numeric: true,
      file: ({ occupancy_permille }) =>
        occupancy_permille === null ? null : numberOf(occupancy_permille, 1),
      cell: ({ occupancy_permille }) =>
        occupancy_permille === null ? null : `${format.decimal(occupancy_permille, 1)}%`,
    },
  ];
  return (
    <Panel
      title={t("census.by_ward")}
      aside={
        <TakeAlong
          title={t("census.title")}
          about={days}
          name={`census-${[...new Set([census.first, census.last])].join("-to-")}`}
          columns={columns}
          rows={rows}
        />
      }
    >
      <Table
        caption={t("census.by_ward")}
        captionIs="hidden"
        columns={columns}
        rows={rows}
        rowId={(row) => row.id}
      />
    </Panel>
  );

  function noteOf(ward: WardCensus): string | null {
    if (ward.ward === null || ward.is_for_inpatients) return null;
    return t("census.not_for_inpatients");
  }
}
