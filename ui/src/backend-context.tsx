/** How pages ask the backend: views are cached by name and asked again when their kinds change. No page fetches in an effect. */
import {
  type QueryClient,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect } from "react";
import { type Backend, type BackendProblem, desk, problemFrom } from "./backend";

const BackendContext = createContext<Backend>(desk);

/** Gives the pages below it a backend and keeps their views fresh. Tests pass a fake one. */
export function BackendProvider({ backend = desk, children }: { backend?: Backend; children: ReactNode }) {
  const queries = useQueryClient();
  useEffect(() => backend.onChanged((kinds) => refresh(queries, kinds)), [backend, queries]);
  return <BackendContext value={backend}>{children}</BackendContext>;
}

/** The backend itself, for the rare call that is neither a view nor an act. */
export function useBackend(): Backend {
  return useContext(BackendContext);
}

/** How a view is asked. */
export interface ViewOptions {
  /** The kinds whose change makes this view stale; every change does when left out. */
  kinds?: readonly string[];
  /** False waits, for instance until something was typed. */
  enabled?: boolean;
  /** Keeps the earlier answer on screen while a new one with other arguments is on its way. */
  keepPrevious?: boolean;
}

/** What a screen shows: the named view of the desk, cached and kept fresh. */
export function useView<T>(
  name: string,
  args: Record<string, unknown> = {},
  options: ViewOptions = {},
): UseQueryResult<T, BackendProblem> {
  const backend = useBackend();
  return useQuery<T, BackendProblem>({
    queryKey: ["view", name, args],
    queryFn: () => asked(backend.call<T>(name, args)),
    enabled: options.enabled ?? true,
    meta: { kinds: options.kinds },
    placeholderData: options.keepPrevious ? (earlier: T | undefined) => earlier : undefined,
  } as Parameters<typeof useQuery<T, BackendProblem>>[0]);
}

/** Something a person does: one command. Views are asked again when the desk says what changed, and once on success. */
export function useAct<Args extends Record<string, unknown>, Answer>(
  command: string,
): UseMutationResult<Answer, BackendProblem, Args> {
  const backend = useBackend();
  const queries = useQueryClient();
  return useMutation<Answer, BackendProblem, Args>({
    mutationFn: (args) => asked(backend.call<Answer>(command, args)),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["view"] }),
  });
}

async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (thrown) {
    throw problemFrom(thrown);
  }
}

function refresh(queries: QueryClient, kinds: string[]) {
  queries.invalidateQueries({
    queryKey: ["view"],
    predicate: (query) => {
      const wanted = query.meta?.kinds as readonly string[] | undefined;
      return wanted === undefined || kinds.length === 0 || wanted.some((kind) => kinds.includes(kind));
    },
  });
}
