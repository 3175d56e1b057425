/** Inbox: what needs a decision from me? */
import { PageHeader } from "../../components/PageHeader";
import { useText } from "../../i18n/useText";

/** The page. */
export function InboxPage() {
  const t = useText();
  return <PageHeader title={t("layout.rail.inbox")} />;
}
