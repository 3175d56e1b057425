/** Settings: people, wards, items, this computer. */
import { PageHeader } from "../../components/PageHeader";
import { useText } from "../../i18n/useText";

/** The page. */
export function SettingsPage() {
  const t = useText();
  return <PageHeader title={t("layout.rail.settings")} />;
}
