/** The clock of the facility, whatever zone this computer was set to: what moments are read against, sent by and refused by. */
import type { FormError } from "../../components/ErrorSummary";
import { useText } from "../../i18n/useText";
import { useSession } from "../../session";
import { offsetAt } from "../../zone";
import { faultsOf, type Moment, momentOf, sentAs } from "./moment";

/** Something wrong at a field: in words beside it, and in words that stand alone. */
export interface Wrong extends FormError {
  line?: string;
}

/** The clock as it stands. */
export interface Clock {
  /** Today at the facility, `2026-11-20`. */
  today: string;
  /** The time of day there, in minutes after midnight. */
  minutes: number;
  /** UTC milliseconds of a moment; null while it is half typed. */
  sent(moment: Moment): number | null;
  /** What keeps the moment `id` from being sent, in words. */
  wrong(id: string, label: string, moment: Moment): Wrong[];
}

/** The clock. */
export function useClock(): Clock {
  const t = useText();
  const offset = useSession().data?.utc_offset_minutes ?? offsetAt(Date.now());
  const { day, minutes } = momentOf(Date.now(), offset);
  const words = {
    future: () => t("movement.when.future"),
    missing: (part: "day" | "time") => t(`movement.${part}.missing`),
  };
  return {
    today: day,
    minutes,
    sent: (moment) => sentAs(moment, offset),
    wrong: (id, label, moment) =>
      faultsOf(moment, Date.now(), offset).map(({ part, code }) => {
        const text = code === "future" ? words.future() : (moment.unread?.[part] ?? words.missing(part));
        return { field: `${id}.${part}`, text, line: `${label}: ${text}` };
      }),
  };
}
