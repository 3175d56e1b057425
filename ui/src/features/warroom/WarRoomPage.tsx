/** The war room: where do we stand right now? */
import { PageHeader } from "../../components/PageHeader";
import { useText } from "../../i18n/useText";

/** The page. */
export function WarRoomPage() {
  const t = useText();
  return <PageHeader title={t("layout.rail.warroom")} />;
}
