/** Encounters with the beds lain in, newest first. */
import { EmptyState } from "../../components/EmptyState";
import { Panel } from "../../components/Panel";
import type { EncounterShown } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { shown } from "./shown";

const FIELDS = [
  "number",
  "category",
  "route",
  "decision",
  "symptoms",
  "symptoms_onset",
  "isolation",
  "discharge_reason",
  "discharge_notes",
  "referred_to_name",
];

/** The part. */
export function StaysPart({ encounters }: { encounters: readonly EncounterShown[] }) {
  const t = useText();
  const format = useFormat();
  if (encounters.length === 0) return <EmptyState title={t("patients.nostays")} />;
  return (
    <div className="flex flex-col gap-3">
      {encounters.map((each) => (
        <Panel
          key={each.id}
          title={[
            each.admitted_at && t("patients.since", { at: format.dateTime(each.admitted_at) }),
            each.discharged_at && t("patients.until", { at: format.dateTime(each.discharged_at) }),
          ]
            .filter(Boolean)
            .join(" ")}
        >
          <div className="grid grid-cols-2 gap-4 text-table">
            <dl className="grid grid-cols-[minmax(120px,auto)_1fr] gap-x-4 gap-y-1">
              {FIELDS.map((field) => {
                const words = shown("encounter", field, each.fields[field], t, format);
                return words === null ? null : (
                  <div key={field} className="contents">
                    <dt className="text-soft">{t(`field.encounter.${field}`)}</dt>
                    <dd className="min-w-0 break-words">{words}</dd>
                  </div>
                );
              })}
            </dl>
            <ol className="flex flex-col gap-1">
              {each.stays.map((stay) => (
                <li key={stay.id}>
                  <b className="font-semibold">
                    {stay.ward_name} {stay.bed_label}
                  </b>{" "}
                  <span className="text-soft">
                    {format.dateTime(stay.from)} – {stay.to ? format.dateTime(stay.to) : ""}
                  </span>
                </li>
              ))}
            </ol>
          </div>
        </Panel>
      ))}
    </div>
  );
}
