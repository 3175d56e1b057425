/** How long a decision waits, in words, and whom else it was told meanwhile. */
import { Tag } from "../../components/Status";
import type { Escalation } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { useNow } from "../../now";

/** The age. */
export function Age({ since, escalation }: { since: number | null; escalation: Escalation }) {
  const t = useText();
  const format = useFormat();
  const now_ms = useNow();
  return (
    <span className="flex flex-wrap items-center gap-2">
      {escalation !== "first" && (
        <Tag tone={escalation === "war_room" ? "problem" : "watch"} shape="triangle">
          {t(`inbox.escalated.${escalation}`)}
        </Tag>
      )}
      {since !== null && (
        <span className="text-small text-faint">{t("inbox.since", { ago: format.ago(since, now_ms) })}</span>
      )}
    </span>
  );
}
