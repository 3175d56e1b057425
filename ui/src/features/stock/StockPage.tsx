/** Stock: what do we have, what will run out? */
import { PageHeader } from "../../components/PageHeader";
import { useText } from "../../i18n/useText";

/** The page. */
export function StockPage() {
  const t = useText();
  return <PageHeader title={t("layout.rail.stock")} />;
}
