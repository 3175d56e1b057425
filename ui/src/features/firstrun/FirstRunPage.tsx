/** First run: how do I get this computer working? */
import { PageHeader } from "../../components/PageHeader";
import { useText } from "../../i18n/useText";

/** The page. */
export function FirstRunPage() {
  const t = useText();
  return <PageHeader title={t("common.product")} />;
}
