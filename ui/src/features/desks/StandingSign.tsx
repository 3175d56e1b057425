/** Where a computer stands, as a sign and a word. */
import { Status } from "../../components/Status";
import type { DeskShown } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { isReceiptForged, LOOK } from "./standing";

/** The sign. */
export function StandingSign({ desk }: { desk: DeskShown }) {
  const t = useText();
  return isReceiptForged(desk) ? (
    <Status shape="cross" tone="problem" isLong>
      {t("desks.is.receipt_forged")}
    </Status>
  ) : (
    <Status {...LOOK[desk.state]} isLong>
      {t(`desks.is.${desk.state}`)}
    </Status>
  );
}
