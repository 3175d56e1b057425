/** One item: its entries and its ledger. */
import { PageHeader } from "../../components/PageHeader";
import { useText } from "../../i18n/useText";

/** The page. */
export function ItemPage() {
  const t = useText();
  return <PageHeader title={t("layout.rail.stock")} />;
}
