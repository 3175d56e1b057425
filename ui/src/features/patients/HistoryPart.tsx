/** Who changed what, when, from which desk, of the patient and of everything recorded about them; and whether the district has it. */
import { useMay } from "../../access";
import { useAskedAll } from "../../backend-context";
import { Loaded } from "../../components/Loaded";
import { Table } from "../../components/Table";
import type { Kind } from "../../generated/entities";
import type { HistoryLine, PatientPage } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { FieldValue } from "./FieldValue";

interface About {
  kind: Kind;
  id: string;
}
type Line = HistoryLine & About;

/** What says to which record a field belongs, and stands in its own column. */
const FRAME = ["encounter", "patient", "facility"];

/** The part. */
export function HistoryPart({ page }: { page: PatientPage }) {
  const t = useText();
  const format = useFormat();
  const may = useMay();
  const records = recordsOf(page).filter(({ kind }) => may("see", kind));
  const history = useAskedAll<HistoryLine[]>("history", records, {
    kinds: ["patient", "encounter", "bed_stay", "round", "consent", "status"],
  });
  const state = (line: Line) => (line.parked ? "parked" : line.received ? "received" : "waiting");
  return (
    <Loaded view={history}>
      {(answers) => {
        const lines = answers
          .flatMap((answer, index) => answer.map((line) => ({ ...line, ...(records[index] as About) })))
          .sort((a, b) => b.at - a.at);
        const table = (
          <Table
            caption={t("patients.history")}
            captionIs="hidden"
            rows={lines}
            rowId={(line) => `${line.change} ${line.id}`}
            columns={[
              {
                id: "at",
                label: t("patients.at"),
                cell: (line: Line) => format.dateTime(line.at),
                width: "140px",
              },
              {
                id: "record",
                label: t("patients.record"),
                cell: (line: Line) => t(`kind.${line.kind}`),
                width: "100px",
              },
              { id: "by", label: t("patients.by"), cell: (line: Line) => line.by, width: "150px" },
              { id: "what", label: t("patients.what"), cell: (line: Line) => <What line={line} /> },
              {
                id: "desk",
                label: t("patients.desk"),
                cell: (line: Line) => line.desk || t("patients.desk.this"),
                width: "120px",
              },
              {
                id: "state",
                label: t("patients.received"),
                cell: (line: Line) => t(`patients.${state(line)}`),
                width: "150px",
              },
            ]}
          />
        );
        return (
          <div className="flex flex-col gap-2">
            <h2 className="font-semibold">{t("patients.history")}</h2>
            {lines.some((line) => line.partial) && (
              <p className="text-table text-soft">{t("patients.history.partial")}</p>
            )}
            {table}
          </div>
        );
      }}
    </Loaded>
  );
}

/** The fields of one change. */
function What({ line }: { line: Line }) {
  const t = useText();
  const fields = Object.entries(line.fields).filter(([field]) => !FRAME.includes(field));
  return (
    <>
      {fields.map(([field, value], index) => {
        const key = `field.${line.kind}.${field}`;
        return (
          <span key={field}>
            {index > 0 && "; "}
            <span className="text-soft">{t.has(key) ? t(key) : field}:</span>{" "}
            <FieldValue kind={line.kind} field={field} value={value} />
          </span>
        );
      })}
      {line.partial && <span className="text-soft"> {t("patients.history.stood")}</span>}
    </>
  );
}

/** The patient, and every encounter, stay, round and consent of theirs. */
export function recordsOf(page: PatientPage): About[] {
  return [
    { kind: "patient", id: page.line.patient },
    ...page.encounters.flatMap((each) => [
      { kind: "encounter" as const, id: each.id },
      ...each.stays.map(({ id }) => ({ kind: "bed_stay" as const, id })),
      ...each.rounds.map(({ id }) => ({ kind: "round" as const, id })),
    ]),
    ...page.consents.map(({ id }) => ({ kind: "consent" as const, id })),
  ];
}
