/** Which days the census is of: some that are often asked for, or one's own. */
import { shifted } from "../../components/readDate";

/** From the first day to the last, both included. */
export interface Span {
  first: string;
  last: string;
}

/** The periods offered; `own` are days that are typed. */
export const PERIODS = ["today", "yesterday", "week", "days30", "month", "month_before", "own"] as const;
export type Period = (typeof PERIODS)[number];

/** No more days than the desk shows at once. */
export const MOST_DAYS = 366;

/** The days of a period; of one's own the last 30, to begin with. */
export function spanOf(period: Period, today: string): Span {
  const monthStart = `${today.slice(0, 8)}01`;
  const dayBefore = shifted(monthStart, -1);
  switch (period) {
    case "today":
      return { first: today, last: today };
    case "yesterday":
      return { first: shifted(today, -1), last: shifted(today, -1) };
    case "week":
      return { first: shifted(today, -7), last: shifted(today, -1) };
    case "month":
      return { first: monthStart, last: today };
    case "month_before":
      return { first: `${dayBefore.slice(0, 8)}01`, last: dayBefore };
    default:
      return { first: shifted(today, -30), last: shifted(today, -1) };
  }
}

/** The earliest day that may stand before `last`. */
export function earliest(last: string): string {
  return shifted(last, 1 - MOST_DAYS);
}
