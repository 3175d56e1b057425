/** Encounters with the beds lain in, newest first. */
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { Panel } from "../../components/Panel";
import type { EncounterShown } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { Facts } from "./FieldValue";
import { ENCOUNTER_SECTIONS } from "./fields";

const FIELDS = [
  "decision",
  ...Object.values(ENCOUNTER_SECTIONS).flat(),
  "discharge_reason",
  "died_at",
  "referred_to",
];

export interface StaysPartProps {
  encounters: readonly EncounterShown[];
  /** Opens one for editing; null for those who may not. */
  onEdit: ((encounter: EncounterShown) => void) | null;
}

/** The part. */
export function StaysPart({ encounters, onEdit }: StaysPartProps) {
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
          aside={
            onEdit && (
              <Button variant="quiet" onPress={() => onEdit(each)}>
                {t("patients.admission.edit")}
              </Button>
            )
          }
        >
          <div className="grid grid-cols-2 gap-4 text-table">
            <Facts kind="encounter" fields={FIELDS} values={each.fields} show="filled" />
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
