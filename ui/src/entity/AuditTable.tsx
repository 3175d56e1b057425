/** Lines of the audit log: when, who, what, of whom, at which computer; the log's own page and a patient's show them alike. */
import { Table } from "../components/Table";
import type { AuditLine } from "../generated/wire";
import { useFormat, useText } from "../i18n/useText";
import { useNow } from "../now";

/** The table, newest first as it is given. On a patient's own page the patient is left out. */
export function AuditTable(props: {
  caption: string;
  captionIs?: "shown" | "hidden";
  lines: readonly AuditLine[];
  isOfOnePatient?: boolean;
  empty?: string;
}) {
  const t = useText();
  const format = useFormat();
  const now_ms = useNow();
  const whom = {
    id: "whom",
    label: t("audit.whom"),
    cell: (line: AuditLine) =>
      line.patient_name ||
      line.about_name ||
      line.of_desk_name ||
      (isAboutSomething(line) && t("audit.not_here")),
    width: "180px",
  };
  return (
    <Table
      caption={props.caption}
      captionIs={props.captionIs ?? "hidden"}
      rows={props.lines}
      rowId={(line) => line.id}
      empty={props.empty}
      columns={[
        {
          id: "at",
          label: t("field.audit_event.at"),
          cell: (line) => (
            <>
              {format.dateTime(line.at)}
              <span className="block text-small text-faint">{format.ago(line.at, now_ms)}</span>
            </>
          ),
          width: "150px",
        },
        {
          id: "who",
          label: t("field.audit_event.who"),
          cell: (line) => line.who_name || t(line.who === null ? "audit.nobody_known" : "audit.not_here"),
          width: "180px",
        },
        { id: "what", label: t("field.audit_event.what"), cell: (line) => <What line={line} /> },
        ...(props.isOfOnePatient ? [] : [whom]),
        {
          id: "desk",
          label: t("field.audit_event.desk"),
          cell: (line) => line.desk_name || t("audit.desk.unnamed"),
          width: "150px",
        },
      ]}
    />
  );
}

const isAboutSomething = (line: AuditLine) =>
  line.patient !== null || line.about !== null || line.of_desk !== null;

/** What happened, how it ended and how often. */
function What({ line }: { line: AuditLine }) {
  const t = useText();
  const format = useFormat();
  const known = `code.audited.${line.what}`;
  const ended = line.ended !== null && line.ended !== "done" ? `code.audit_ended.${line.ended}` : null;
  return (
    <>
      {t.has(known) ? t(known) : line.what}
      {ended !== null && <span className="text-soft"> · {t.has(ended) ? t(ended) : line.ended}</span>}
      {line.times !== null && line.times > 1 && (
        <span className="text-soft">
          {" "}
          · {t("audit.times", { count: line.times, since: format.dateTime(line.since) })}
        </span>
      )}
      {line.reason && (
        <span className="block text-table [overflow-wrap:anywhere] text-soft">
          {t("audit.reason", { reason: line.reason })}
        </span>
      )}
    </>
  );
}
