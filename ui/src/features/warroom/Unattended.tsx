/** What waits so long for a decision that everybody is told: what it is and since when, and nobody's name. */
import { Banner } from "../../components/Banner";
import { TextLink } from "../../components/TextLink";
import type { Unattended as Waiting } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { useNow } from "../../now";

/** The notice; nothing while nothing waits too long. */
export function Unattended({ waiting }: { waiting: readonly Waiting[] }) {
  const t = useText();
  const format = useFormat();
  const now_ms = useNow();
  if (waiting.length === 0) return null;
  const count = waiting.reduce((sum, each) => sum + each.count, 0);
  return (
    <Banner
      tone="watch"
      title={t("warroom.unattended", { count })}
      action={<TextLink href="/inbox">{t("layout.rail.inbox")}</TextLink>}
    >
      <ul className="flex flex-wrap gap-x-6">
        {waiting.map((each) => (
          <li key={each.what}>
            {t("warroom.unattended.one", { what: t(`inbox.what.${each.what}`), count: each.count })}
            {each.since !== null && <span className="text-soft"> · {format.ago(each.since, now_ms)}</span>}
          </li>
        ))}
      </ul>
    </Banner>
  );
}
