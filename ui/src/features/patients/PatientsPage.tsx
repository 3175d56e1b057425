/** Patients: find her, now. */
import { PageHeader } from "../../components/PageHeader";
import { useText } from "../../i18n/useText";

/** The page. */
export function PatientsPage() {
  const t = useText();
  return <PageHeader title={t("layout.rail.patients")} />;
}
