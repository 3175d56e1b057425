/** Keeps what pages show from being older than it looks: views are asked anew when something changed and every minute, and none is drawn that changed while its page was away. */
import { type Query, type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";

/** Time itself changes what is true: a hold runs out, a review is overdue, the day ends. */
const MINUTE_MS = 60_000;
/** Under this key stands everything the desk was asked. */
const VIEWS = ["view"];

/** Asks every view on the screen anew that these kinds concern; all of them when none is named. Resolves when they are there. */
export function askAnew(queries: QueryClient, kinds: readonly string[] = []): Promise<void> {
  const concerns = (query: Query) => {
    const wanted = query.meta?.kinds as readonly string[] | undefined;
    return wanted === undefined || kinds.length === 0 || wanted.some((kind) => kinds.includes(kind));
  };
  // Else it would be drawn as of now when its page comes back, until the new answer is there.
  queries.removeQueries({ queryKey: VIEWS, type: "inactive", predicate: concerns });
  // A first answer under way may have been read before the change: it is asked once more when it is there.
  const early = queries
    .getQueryCache()
    .findAll({ queryKey: VIEWS, fetchStatus: "fetching", predicate: concerns })
    .filter((query) => query.state.data === undefined);
  for (const { promise, queryKey } of early) {
    const again = () => queries.invalidateQueries({ queryKey, exact: true });
    promise?.then(again, again);
  }
  return queries.invalidateQueries({ queryKey: VIEWS, predicate: concerns });
}

/** Asks every view on the screen anew each minute, and at once when the window is looked at again. */
export function useMinutes() {
  const queries = useQueryClient();
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === "visible") void askAnew(queries);
    };
    const timer = setInterval(look, MINUTE_MS);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [queries]);
}

/** When the oldest of what the page shows was read; null while nothing is there. */
export function useReadAt(): number | null {
  const cache = useQueryClient().getQueryCache();
  const oldest = () => {
    const shown = cache
      .findAll({ queryKey: VIEWS, type: "active" })
      .filter((query) => query.queryKey[1] !== "command" && query.state.data !== undefined)
      .map((query) => query.state.dataUpdatedAt);
    return shown.length === 0 ? null : Math.min(...shown);
  };
  return useSyncExternalStore((tell) => cache.subscribe(tell), oldest);
}
