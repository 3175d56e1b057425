/** A new patient. */
import { PageHeader } from "../../components/PageHeader";
import { useText } from "../../i18n/useText";

/** The page. */
export function NewPatientPage() {
  const t = useText();
  return <PageHeader title={t("palette.new_patient")} />;
}
