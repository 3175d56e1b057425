/** Daily triage: file today's figures. */
import { PageHeader } from "../../components/PageHeader";
import { useText } from "../../i18n/useText";

/** The page. */
export function TriagePage() {
  const t = useText();
  return <PageHeader title={t("layout.rail.triage")} />;
}
