/** Seconds that must pass before the next try, counted down on screen. */
import { useEffect, useState } from "react";

/** The seconds left, and how to begin a wait. */
export function useWait(): [number, (seconds: number) => void] {
  const [until_ms, setUntil] = useState(0);
  const [left_s, setLeft] = useState(0);
  useEffect(() => {
    const look = () => setLeft(Math.max(0, Math.ceil((until_ms - Date.now()) / 1_000)));
    look();
    if (until_ms <= Date.now()) return;
    const timer = setInterval(look, 250);
    return () => clearInterval(timer);
  }, [until_ms]);
  return [left_s, (seconds) => setUntil(seconds > 0 ? Date.now() + seconds * 1_000 : 0)];
}
