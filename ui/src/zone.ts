/** The facility's clock: moments are shown and typed by it, whatever zone this computer was set to. */

const MINUTE_MS = 60_000;

let facility_minutes: number | null = null;

/** Sets the clock of this computer's facility, in minutes ahead of UTC; null before there is one. */
export function setZone(minutes: number | null) {
  facility_minutes = minutes;
}

/** Minutes ahead of UTC at a moment: the facility's, else this computer's own. */
export function offsetAt(moment_ms: number): number {
  return facility_minutes ?? -new Date(moment_ms).getTimezoneOffset();
}

/** A date whose UTC parts are what the facility's clock and calendar show at a moment. */
export function there(moment_ms: number): Date {
  return new Date(moment_ms + offsetAt(moment_ms) * MINUTE_MS);
}
