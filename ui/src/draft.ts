/** What was typed and not yet saved, kept encrypted by the desk for the person who typed it: locking or a crash loses nothing. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { useBackend } from "./backend-context";

/** How long typing may pause before it is kept. */
const PAUSE_MS = 400;

/** A form's draft. */
export interface Kept<T> {
  /** What was kept; null when nothing was, undefined while it is being asked. */
  kept: T | null | undefined;
  /** When the desk last kept it, since the form was opened. */
  kept_at: number | null;
  /** Keeps the form as it stands now. */
  keep(body: T): void;
  /** Drops it: the form was saved or given up. */
  forget(): void;
}

/** The draft of that name, such as `triage/2026-11-21/morning`. */
export function useDraft<T>(name: string): Kept<T> {
  const backend = useBackend();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const pending = useRef<(() => void) | null>(null);
  const [kept_at, setKeptAt] = useState<number | null>(null);
  const asked = useQuery<T | null>({
    queryKey: ["draft", name],
    // A draft that cannot be read must not keep a form from opening.
    queryFn: () => backend.call<T | null>("draft", { name }).catch(() => null),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  // Another page within the pause loses nothing.
  useEffect(() => () => pending.current?.(), []);
  return useMemo(
    () => ({
      kept: asked.data,
      kept_at,
      keep(body) {
        clearTimeout(timer.current);
        pending.current = () => {
          clearTimeout(timer.current);
          pending.current = null;
          const kept = backend.call("put_draft", { name, body });
          kept.then(() => setKeptAt(Date.now())).catch(() => undefined);
        };
        timer.current = setTimeout(() => pending.current?.(), PAUSE_MS);
      },
      forget() {
        clearTimeout(timer.current);
        pending.current = null;
        setKeptAt(null);
        backend.call("forget_draft", { name }).catch(() => undefined);
      },
    }),
    [asked.data, backend, kept_at, name],
  );
}
