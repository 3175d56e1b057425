/** Leaving the desk: who sat where is remembered, and everything of the ward leaves the window's memory. */
import { useQueryClient } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { useEffect } from "react";
import { useCommand } from "../backend-context";
import { leaveSeat, useSession } from "../session";

/** Gives the act of locking; the gate then shows the sign-in, whoever or whatever locked. */
export function useLeave(): () => void {
  const lock = useCommand<Record<string, never>, null>("lock");
  const queries = useQueryClient();
  const username = useSession().data?.who?.username;
  const page = useLocation().pathname;
  useEffect(() => {
    if (username) leaveSeat({ username, page });
  }, [username, page]);
  useEffect(
    () => () => {
      const isOfTheWard = (key: readonly unknown[]) => !(key[1] === "command" && key[2] === "status");
      queries.removeQueries({ queryKey: ["view"], predicate: (query) => isOfTheWard(query.queryKey) });
    },
    [queries],
  );
  return () => lock.mutate({});
}
