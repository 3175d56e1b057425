/** Which words, shape and colour the state of the exchange has: one rule for the chip and the page. */
import type { ShapeName } from "../../components/Shape";
import type { Tone } from "../../components/Tone";
import type { SyncStatus } from "../../generated/wire";

/** How a state looks; `key` names its words, `sync.chip.<key>`. */
export interface SyncLook {
  key: string;
  shape: ShapeName;
  tone: Tone;
  count: number;
}

/** Nothing is known yet: never a tick. */
export const UNKNOWN: SyncLook = { key: "unknown", shape: "ring", tone: "neutral", count: 0 };

const WATCH_MS = 30 * 60_000;
const LATE_MS = 24 * 3_600_000;
/** What only a person with their password at this computer can mend. */
const NEEDS_SIGN_IN = new Set(["suspended", "disabled", "wrong_password"]);
/** What is about this computer: signing in again mends nothing. */
const OF_THE_COMPUTER = new Set(["desk_forked", "desk_rolled_back", "desk_replaced", "desk_withdrawing"]);

/** What needs a person comes first; unsent work turns amber after half an hour and red after a day. */
export function lookOf(sync: SyncStatus, isReadOnly: boolean, now_ms: number): SyncLook {
  const count = sync.waiting;
  if (sync.state === "closed") return UNKNOWN;
  if (OF_THE_COMPUTER.has(sync.problem?.code ?? "")) {
    return { key: "problem", shape: "triangle", tone: "problem", count };
  }
  if (isReadOnly || NEEDS_SIGN_IN.has(sync.problem?.code ?? "")) {
    return { key: "sign_in", shape: "triangle", tone: "watch", count };
  }
  if (sync.state === "problem") return { key: "problem", shape: "triangle", tone: "problem", count };
  if (sync.parked > 0) return { key: "parked", shape: "diamond", tone: "problem", count: sync.parked };
  if (sync.aside > 0) return { key: "aside", shape: "diamond", tone: "watch", count: sync.aside };
  if (sync.conflicts > 0) {
    return { key: "conflicts", shape: "diamond", tone: "watch", count: sync.conflicts };
  }
  const late = lateTone(sync, now_ms);
  if (sync.arriving && sync.state !== "offline") {
    return { key: "arriving", shape: "bars", tone: "info", count };
  }
  switch (sync.state) {
    case "stands_alone":
      return { key: "stands_alone", shape: "disc", tone: "neutral", count };
    case "offline":
      return { key: count > 0 ? "offline_waiting" : "offline", shape: "half", tone: late, count };
    case "exchanging":
      return { key: "sending", shape: "bars", tone: "info", count };
    case "waiting":
      return { key: "waiting", shape: "half", tone: late, count };
    default:
      return count === 0 && sync.last_contact !== null
        ? { key: "sent", shape: "tick", tone: "ok", count }
        : UNKNOWN;
  }
}

/** How serious it is that work waits. */
export function lateTone(sync: SyncStatus, now_ms: number): Tone {
  const age_ms = sync.waiting_since === null ? 0 : now_ms - sync.waiting_since;
  return age_ms >= LATE_MS ? "problem" : age_ms >= WATCH_MS ? "watch" : "neutral";
}
