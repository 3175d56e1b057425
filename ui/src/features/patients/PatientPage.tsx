/** One patient: what is going on with her? */
import { PageHeader } from "../../components/PageHeader";
import { useText } from "../../i18n/useText";

/** The page. */
export function PatientPage() {
  const t = useText();
  return <PageHeader title={t("layout.rail.patients")} />;
}
