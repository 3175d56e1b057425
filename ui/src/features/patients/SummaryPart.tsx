/** The patient in short: particulars that are filled, and one timeline of what happened. */
import { Panel } from "../../components/Panel";
import type { PatientPage } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { PATIENT_FIELDS } from "./fields";
import { shown } from "./shown";

/** The part. */
export function SummaryPart({ page }: { page: PatientPage }) {
  const t = useText();
  const format = useFormat();
  const facts = PATIENT_FIELDS.flatMap((field) => {
    const words = shown("patient", field, page.fields[field], t, format);
    return words === null ? [] : [{ field, words }];
  });
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] items-start gap-4">
      <Panel title={t("patients.facts")}>
        <dl className="grid grid-cols-[minmax(120px,auto)_1fr] gap-x-4 gap-y-1 text-table">
          {facts.map(({ field, words }) => (
            <div key={field} className="contents">
              <dt className="text-soft">{t(`field.patient.${field}`)}</dt>
              <dd className="min-w-0 break-words">{words}</dd>
            </div>
          ))}
        </dl>
      </Panel>
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
    </div>
  );
}
