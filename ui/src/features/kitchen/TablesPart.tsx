/** A plain table with gaps, and a list of ten thousand. */
import type { Column } from "../../components/Column";
import { Panel } from "../../components/Panel";
import { Status } from "../../components/Status";
import { Table } from "../../components/Table";
import { VirtualTable } from "../../components/VirtualTable";
import { useSamples } from "./samples";

interface Row {
  id: string;
  bed: string;
  name: string | null;
  age: string | null;
  score: number | null;
  severe: boolean;
}

/** Tables. */
export function TablesPart() {
  const s = useSamples();
  const columns: Column<Row>[] = [
    { id: "bed", label: s.bed, cell: (row) => row.bed, width: "84px" },
    { id: "name", label: s.patient, cell: (row) => row.name },
    { id: "age", label: s.age, cell: (row) => row.age, numeric: true, width: "72px" },
    { id: "score", label: s.score, cell: (row) => row.score, numeric: true, width: "80px" },
    {
      id: "status",
      label: s.status,
      width: "120px",
      cell: (row) =>
        row.name ? (
          <Status shape="square" tone={row.severe ? "problem" : "info"}>
            {row.severe ? s.severe : s.occupied}
          </Status>
        ) : (
          <Status shape="ring" tone="ok">
            {s.free}
          </Status>
        ),
    },
  ];
  const some: Row[] = [
    { id: "1", bed: "ICU-2 07", name: s.lakshmi, age: "62", score: 7, severe: true },
    { id: "2", bed: "ICU-2 08", name: s.joseph, age: "48", score: 2, severe: false },
    { id: "3", bed: "ICU-2 09", name: null, age: null, score: null, severe: false },
  ];
  const many = Array.from({ length: 10_000 }, (_, index): Row => {
    const row = some[index % 3] as Row;
    return { ...row, id: String(index), bed: `B-${index + 1}` };
  });
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <Panel>
        <Table
          caption={s.patients}
          columns={columns}
          rows={some}
          rowId={(row) => row.id}
          onOpen={() => undefined}
        />
      </Panel>
      <VirtualTable
        caption={s.long_list}
        columns={columns}
        rows={many}
        rowId={(row) => row.id}
        onOpen={() => undefined}
        height="220px"
      />
    </div>
  );
}
