/** The line under every page: as of when its figures were read here, and as of when others' work is in them. */
import { Status } from "../components/Status";
import { useReadAt } from "../freshness";
import { useFormat, useText } from "../i18n/useText";
import { useNow } from "../now";
import { useSession } from "../session";

/** Views are asked each minute: older than this, one was not answered. */
const OLD_MS = 3 * 60_000;
/** Without word of others for this long their work is probably missing. */
const UNHEARD_MS = 30 * 60_000;

/** The line. */
export function AsOf() {
  const t = useText();
  const format = useFormat();
  const now_ms = useNow();
  const read_ms = useReadAt();
  const status = useSession().data;
  const heard_ms = status?.sync.last_contact ?? null;
  const when = (ms: number) =>
    format.date(ms) === format.date(now_ms) ? format.time(ms) : format.dateTime(ms);
  const isOld = read_ms !== null && now_ms - read_ms > OLD_MS;
  const isUnheard = heard_ms === null || now_ms - heard_ms > UNHEARD_MS;
  const others = heard_ms === null ? t("as_of.others.never") : t("as_of.others", { when: when(heard_ms) });
  return (
    <footer className="flex min-h-6 shrink-0 flex-wrap items-center gap-x-4 border-t border-line bg-panel px-5 text-small text-soft">
      {read_ms !== null &&
        (isOld ? (
          <Status shape="triangle" tone="watch">
            {t("as_of.old", { when: when(read_ms) })}
          </Status>
        ) : (
          <span>{t("as_of.read", { when: when(read_ms) })}</span>
        ))}
      {status?.server &&
        (isUnheard ? (
          <Status shape="half" tone="watch">
            {others}
          </Status>
        ) : (
          <span>{others}</span>
        ))}
    </footer>
  );
}
