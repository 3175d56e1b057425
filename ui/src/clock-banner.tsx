/** A clock that is wrong, told on every page from the sign-in on: how far, what is safe, what to do. */
import { Banner } from "./components/Banner";
import { useText } from "./i18n/useText";
import { useSession } from "./session";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const YEAR_MS = 365.25 * DAY_MS;

/** A difference as people say it: "about 3 years" is `["years", 3]`. */
export function roundly(off_ms: number): ["minutes" | "hours" | "days" | "years", number] {
  const size_ms = Math.abs(off_ms);
  const whole = (unit_ms: number) => Math.max(1, Math.round(size_ms / unit_ms));
  if (size_ms < 1.5 * HOUR_MS) return ["minutes", whole(MINUTE_MS)];
  if (size_ms < 2 * DAY_MS) return ["hours", whole(HOUR_MS)];
  if (size_ms < 1.5 * YEAR_MS) return ["days", whole(DAY_MS)];
  return ["years", whole(YEAR_MS)];
}

/** The banner; nothing while the clock is right or nobody knows. */
export function ClockBanner() {
  const t = useText();
  const off_ms = useSession().data?.sync.clock_off_ms ?? null;
  if (off_ms === null) return null;
  const [unit, count] = roundly(off_ms);
  const off = t(`clock.${unit}`, { count });
  return (
    <Banner tone="problem" title={t(off_ms > 0 ? "clock.ahead" : "clock.behind", { off })}>
      {t("clock.what")}
    </Banner>
  );
}
