/** A moment as it is typed, a day and a time at the facility, and as it is sent: UTC milliseconds. Pure; now is an argument. */

const MINUTE_MS = 60_000;

/** A day and a time of day; either may be missing while it is typed. */
export interface Moment {
  day: string | null;
  /** Minutes after midnight. */
  minutes: number | null;
  /** What is wrong, in words, with what was typed and means nothing. */
  unread?: { day?: string; time?: string };
}

/** What is wrong with a moment. */
export type Fault = { part: "day" | "time"; code: "unread" | "missing" | "future" };

/** UTC milliseconds of a whole moment; null while a part is missing. `offset` is minutes east of UTC. */
export function sentAs({ day, minutes }: Moment, offset: number): number | null {
  if (day === null || minutes === null) return null;
  return Date.parse(`${day}T00:00:00Z`) + (minutes - offset) * MINUTE_MS;
}

/** The moment at the facility. */
export function momentOf(now_ms: number, offset: number): { day: string; minutes: number } {
  const there = new Date(now_ms + offset * MINUTE_MS).toISOString();
  return {
    day: there.slice(0, 10),
    minutes: Number(there.slice(11, 13)) * 60 + Number(there.slice(14, 16)),
  };
}

/** What keeps a moment from being sent: half of it is missing, or it has not come yet. */
export function faultsOf(moment: Moment, now_ms: number, offset: number): Fault[] {
  const faults: Fault[] = [];
  if (moment.unread?.day) faults.push({ part: "day", code: "unread" });
  else if (moment.day === null) faults.push({ part: "day", code: "missing" });
  if (moment.unread?.time) faults.push({ part: "time", code: "unread" });
  else if (moment.minutes === null) faults.push({ part: "time", code: "missing" });
  const sent = sentAs(moment, offset);
  if (faults.length === 0 && sent !== null && sent > now_ms) {
    const isLaterDay = (moment.day ?? "") > momentOf(now_ms, offset).day;
    faults.push({ part: isLaterDay ? "day" : "time", code: "future" });
  }
  return faults;
}
