/** Who changed what, when, from which desk; and whether the district has it. */
import { useAsked } from "../../backend-context";
import { Loaded } from "../../components/Loaded";
import { Table } from "../../components/Table";
import type { HistoryLine } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { shown } from "./shown";

/** The part. */
export function HistoryPart({ id }: { id: string }) {
  const t = useText();
  const format = useFormat();
  const history = useAsked<HistoryLine[]>(
    "history",
    { kind: "patient", id },
    { kinds: ["patient", "status"] },
  );
  const words = (line: HistoryLine) =>
    Object.entries(line.fields)
      .map(([field, value]) => {
        const key = `field.patient.${field}`;
        const label = t.has(key) ? t(key) : field;
        return `${label}: ${shown("patient", field, value, t, format) ?? "–"}`;
      })
      .join("; ");
  const state = (line: HistoryLine) => (line.parked ? "parked" : line.received ? "received" : "waiting");
  return (
    <Loaded view={history}>
      {(lines) => (
        <Table
          caption={t("patients.history")}
          rows={lines.toReversed()}
          rowId={(line) => line.change}
          columns={[
            {
              id: "at",
              label: t("patients.at"),
              cell: (line: HistoryLine) => format.dateTime(line.at),
              width: "140px",
            },
            { id: "by", label: t("patients.by"), cell: (line: HistoryLine) => line.by, width: "160px" },
            { id: "what", label: t("patients.what"), cell: words },
            {
              id: "desk",
              label: t("patients.desk"),
              cell: (line: HistoryLine) => line.desk || t("patients.desk.this"),
              width: "130px",
            },
            {
              id: "state",
              label: t("patients.received"),
              cell: (line: HistoryLine) => t(`patients.${state(line)}`),
              width: "180px",
            },
          ]}
        />
      )}
    </Loaded>
  );
}
