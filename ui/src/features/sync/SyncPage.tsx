/** Sync: is my work safe, is it there? */
import { PageHeader } from "../../components/PageHeader";
import { useText } from "../../i18n/useText";

/** The page. */
export function SyncPage() {
  const t = useText();
  return <PageHeader title={t("layout.rail.sync")} />;
}
