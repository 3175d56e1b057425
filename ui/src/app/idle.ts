/** When a desk counts as left alone. */

/** The warning stands this long. */
export const WARN_S = 30;
/** The desk is told at most this often that somebody is there. */
const TOUCH_EVERY_MS = 10_000;

/** Whole seconds until the lock, never below 0. */
export function secondsLeft(seen_ms: number, now_ms: number, minutes: number): number {
  return Math.max(0, Math.ceil((seen_ms + minutes * 60_000 - now_ms) / 1_000));
}

/** Whether the desk should hear now that somebody was there: something happened since it last did, and not too often. */
export function mayTouch(seen: { at_ms: number; touched_ms: number }, now_ms: number): boolean {
  return seen.at_ms > seen.touched_ms && now_ms - seen.touched_ms >= TOUCH_EVERY_MS;
}
