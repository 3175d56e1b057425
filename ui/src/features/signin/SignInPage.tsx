/** Sign-in: it's me. */
import { PageHeader } from "../../components/PageHeader";
import { useText } from "../../i18n/useText";

/** The page. */
export function SignInPage() {
  const t = useText();
  return <PageHeader title={t("common.product")} />;
}
