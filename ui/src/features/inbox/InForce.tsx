/** Marks the value that is in force until somebody decides. */
import { Tag } from "../../components/Status";
import { useText } from "../../i18n/useText";

/** The mark. */
export function InForce() {
  const t = useText();
  return (
    <Tag shape="disc" tone="info">
      {t("inbox.in_force")}
    </Tag>
  );
}
