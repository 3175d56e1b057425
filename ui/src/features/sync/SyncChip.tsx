/** The chip in the header: is my work safe, is it there? Text, shape and colour; never a tick that a count does not back. */
import { clsx } from "clsx";
import { Link } from "react-aria-components";
import { useView } from "../../backend-context";
import { Shape, type ShapeName } from "../../components/Shape";
import { TONE_BOX, type Tone } from "../../components/Tone";
import { useFormat, useText } from "../../i18n/useText";

/** What the desk says about its exchange with the district. */
export interface SyncState {
  state: "sent" | "waiting" | "sending" | "offline" | "sign_in" | "problem";
  /** Changes saved here that no server has acknowledged. */
  waiting: number;
  conflicts: number;
  checked_ms: number | null;
  /** When the oldest unsent change was saved. */
  oldest_waiting_ms: number | null;
  now_ms: number;
}

const WATCH_MS = 30 * 60_000;
const LATE_MS = 24 * 3_600_000;

/** The chip; it opens the page of sync, or the inbox when something waits for a decision. */
export function SyncChip() {
  const view = useView<SyncState>("sync_state");
  const t = useText();
  const format = useFormat();
  const { key, shape, tone } = view.data ? lookOf(view.data) : UNKNOWN;
  const count = key === "conflicts" ? (view.data?.conflicts ?? 0) : (view.data?.waiting ?? 0);
  return (
    <Link
      href={key === "conflicts" ? "/inbox" : "/sync"}
      className={clsx(
        "flex min-h-6 min-w-0 items-center gap-1.5 rounded-full border px-2.5 text-small font-medium no-underline hover:border-current",
        TONE_BOX[tone],
      )}
    >
      <Shape name={shape} size={10} />
      <span className="truncate">
        {t(`sync.chip.${key}`, { count, time: format.time(view.data?.checked_ms) })}
      </span>
    </Link>
  );
}

interface ChipLook {
  key: string;
  shape: ShapeName;
  tone: Tone;
}

const UNKNOWN: ChipLook = { key: "unknown", shape: "ring", tone: "neutral" };

/** Which words, shape and colour a state has; unsent work turns amber after half an hour, red after a day. */
export function lookOf(sync: SyncState): ChipLook {
  const age_ms = sync.oldest_waiting_ms === null ? 0 : sync.now_ms - sync.oldest_waiting_ms;
  const late: Tone = age_ms >= LATE_MS ? "problem" : age_ms >= WATCH_MS ? "watch" : "neutral";
  if (sync.state === "problem") return { key: "problem", shape: "triangle", tone: "problem" };
  if (sync.state === "sign_in") return { key: "sign_in", shape: "triangle", tone: "watch" };
  if (sync.conflicts > 0) return { key: "conflicts", shape: "diamond", tone: "watch" };
  if (sync.state === "offline") {
    return { key: sync.waiting > 0 ? "offline_waiting" : "offline", shape: "half", tone: late };
  }
  if (sync.state === "sending") return { key: "sending", shape: "bars", tone: "info" };
  if (sync.waiting > 0) return { key: "waiting", shape: "half", tone: late };
  return sync.state === "sent" && sync.checked_ms !== null
    ? { key: "sent", shape: "tick", tone: "ok" }
    : UNKNOWN;
}
