/** The bed board: who lies where? */
import { PageHeader } from "../../components/PageHeader";
import { useText } from "../../i18n/useText";

/** The page. */
export function BedsPage() {
  const t = useText();
  return <PageHeader title={t("layout.rail.beds")} />;
}
