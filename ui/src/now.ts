/** The time of day for a component, kept current. */
import { useEffect, useState } from "react";

/** UTC milliseconds now, drawn anew every `every_ms`. */
export function useNow(every_ms = 30_000): number {
  const [now_ms, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every_ms);
    return () => clearInterval(timer);
  }, [every_ms]);
  return now_ms;
}
