/** The forms in which what is recorded of a patient and of an admission is edited afterwards. */
import { RecordDialog } from "../../entity/RecordDialog";
import type { FieldSection } from "../../entity/RecordFields";
import type { Plain } from "../../entity/records";
import type { ConsentShown, EncounterShown, PatientPage } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { AgeField } from "./AgeField";
import { ENCOUNTER_FOLDED, ENCOUNTER_SECTIONS, FOLDED, SECTIONS } from "./fields";

/** The admission, whatever of it was known when the patient came; once it is over, what was written at the discharge too. */
export function EditAdmission(props: {
  name: string;
  encounter: EncounterShown;
  as_of: number;
  onClose(): void;
}) {
  const t = useText();
  return (
    <RecordDialog
      title={t("patients.admission.edit.of", { name: props.name })}
      kind="encounter"
      fields={Object.entries(ENCOUNTER_SECTIONS)
        .filter(([id]) => id !== "discharge" || props.encounter.discharged_at !== null)
        .map(
          ([id, fields]): FieldSection => ({
            id,
            title: t(`patients.admission.${id as keyof typeof ENCOUNTER_SECTIONS}`),
            fields,
            isFolded: ENCOUNTER_FOLDED.includes(id),
            // What is written at length needs the width.
            columns: id === "illness" || id === "treatment" || id === "discharge" ? 2 : 3,
          }),
        )}
      record={props.encounter.fields as Plain}
      as_of={props.as_of}
      size="large"
      onClose={props.onClose}
    />
  );
}

/** What was written down wrongly of a consent; its withdrawal has a form of its own. */
export function EditConsent(props: { consent: ConsentShown; as_of: number; onClose(): void }) {
  const t = useText();
  return (
    <RecordDialog
      title={t("patients.consent.correct")}
      kind="consent"
      fields={["purpose", "given_by", "giver_name", "how", "note"]}
      record={props.consent.fields as Plain}
      as_of={props.as_of}
      onClose={props.onClose}
    />
  );
}

/** Everything that was asked at the registration. */
export function EditPatient(props: { page: PatientPage; as_of: number; onClose(): void }) {
  const t = useText();
  return (
    <RecordDialog
      title={t("patients.edit.of", { name: props.page.line.name })}
      kind="patient"
      fields={usePatientSections()}
      own={(form) => ({ age: <AgeField form={form} /> })}
      record={props.page.fields as Plain}
      as_of={props.as_of}
      size="large"
      onClose={props.onClose}
    />
  );
}

/** The sections of a registration, with their titles. */
export function usePatientSections(): FieldSection[] {
  const t = useText();
  return Object.entries(SECTIONS).map(([id, fields]) => ({
    id,
    title: t(`patients.section.${id as keyof typeof SECTIONS}`),
    fields,
    isFolded: FOLDED.includes(id),
  }));
}
