/** The chip in the header: is my work safe, is it there? Text, shape and colour; never a tick that a count does not back. */
import { clsx } from "clsx";
import { Link } from "react-aria-components";
import { Shape } from "../../components/Shape";
import { TONE_BOX } from "../../components/Tone";
import { useFormat, useText } from "../../i18n/useText";
import { useNow } from "../../now";
import { useSession } from "../../session";
import { lookOf, UNKNOWN } from "./syncLook";

/** The chip; it opens the page of sync, or the inbox when something waits for a decision. */
export function SyncChip() {
  const status = useSession().data;
  const t = useText();
  const format = useFormat();
  const now_ms = useNow();
  const { key, shape, tone, count } = status
    ? lookOf(status.sync, status.who?.read_only ?? false, now_ms)
    : UNKNOWN;
  return (
    <Link
      href={key === "conflicts" || key === "aside" ? "/inbox" : "/sync"}
      className={clsx(
        "flex min-h-6 max-w-72 min-w-0 shrink-0 items-center gap-1.5 rounded-full border px-2.5 text-small font-medium no-underline hover:border-current",
        TONE_BOX[tone],
      )}
    >
      <Shape name={shape} size={10} />
      <span className="truncate">
        {t(`sync.chip.${key}`, { count, time: format.time(status?.sync.last_contact) })}
      </span>
    </Link>
  );
}
