/** The patient in short: the admission with what nobody has recorded yet, particulars that are filled, and one timeline of what happened. */
import { Panel } from "../../components/Panel";
import type { EncounterShown, PatientPage } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { Facts } from "./FieldValue";
import { ENCOUNTER_FACTS, PATIENT_FIELDS } from "./fields";

export interface SummaryPartProps {
  page: PatientPage;
  /** The open encounter. */
  open: EncounterShown | undefined;
}

/** The part. */
export function SummaryPart({ page, open }: SummaryPartProps) {
  const t = useText();
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] items-start gap-4">
      <div className="flex min-w-0 flex-col gap-4">
        {open && (
          <Panel title={t("patients.admission")}>
            <Facts kind="encounter" fields={ENCOUNTER_FACTS} values={open.fields} show="all" />
          </Panel>
        )}
        <Panel title={t("patients.facts")}>
          <Facts kind="patient" fields={PATIENT_FIELDS} values={page.fields} show="filled" />
        </Panel>
      </div>
      <Timeline page={page} />
    </div>
  );
}

function Timeline({ page }: { page: PatientPage }) {
  const t = useText();
  const format = useFormat();
  return (
    <Panel title={t("patients.timeline")}>
      <ol className="flex flex-col gap-1.5 text-table">
        {page.timeline.map((each) => {
          const scored = each.what === "round" && each.detail !== null ? ".scored" : "";
          const detail =
            each.what === "discharged" && each.detail
              ? t(`code.discharge_reason.${each.detail}`)
              : each.detail;
          return (
            <li key={`${each.what} ${each.id}`} className="grid grid-cols-[128px_1fr] gap-3">
              <time className="text-soft tabular-nums">{format.dateTime(each.at)}</time>
              <span>
                {t(`patients.happened.${each.what}${scored}`, { detail: detail ?? "" })}
                {each.what === "discharged" && detail ? ` · ${detail}` : ""}
              </span>
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}
