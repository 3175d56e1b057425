/** How pages ask the backend: views are cached by name and asked again when their kinds change. No page fetches in an effect. */
import {
  keepPreviousData,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect } from "react";
import { type Backend, type BackendProblem, desk, problemFrom } from "./backend";
import { askAnew, useMinutes } from "./freshness";
import type { Saved } from "./generated/wire";

const BackendContext = createContext<Backend>(desk);

/** Gives the pages below it a backend and keeps their views fresh. Tests pass a fake one. */
export function BackendProvider({ backend = desk, children }: { backend?: Backend; children: ReactNode }) {
  const queries = useQueryClient();
  useEffect(() => backend.onChanged((kinds) => void askAnew(queries, kinds)), [backend, queries]);
  useMinutes();
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

/** A view with the moment of the store it was read at; a save made from it carries that moment back. */
export interface Seen<T> {
  as_of: number;
  data: T;
}

/** What a screen shows: the named view of the records, cached and kept fresh, with its `as_of`. */
export function useSeen<T>(
  name: string,
  args: unknown = null,
  options: ViewOptions = {},
): UseQueryResult<Seen<T>, BackendProblem> {
  return useCached<Seen<T>>(["view", name, args], "view", { name, args }, options);
}

/** The same without its moment, for pages that save nothing from it. */
export function useView<T>(
  name: string,
  args: unknown = null,
  options: ViewOptions = {},
): UseQueryResult<T, BackendProblem> {
  const backend = useBackend();
  return useQuery<Seen<T>, BackendProblem, T>({
    ...queryOf<Seen<T>>(backend, ["view", name, args], "view", { name, args }, options),
    select: (seen) => seen.data,
  });
}

/** What a command that only looks answers, cached and kept fresh like a view. */
export function useAsked<T>(
  command: string,
  args: Record<string, unknown> = {},
  options: ViewOptions = {},
): UseQueryResult<T, BackendProblem> {
  return useCached<T>(["view", "command", command, args], command, args, options);
}

/** The answers of such a command about several things, in their order, cached and kept fresh as one. */
export function useAskedAll<T>(
  command: string,
  all: readonly { kind: string; id: string }[],
  options: ViewOptions = {},
): UseQueryResult<T[], BackendProblem> {
  const backend = useBackend();
  return useQuery<T[], BackendProblem>({
    queryKey: ["view", "command", command, "all", all],
    queryFn: () => asked(Promise.all(all.map(({ kind, id }) => backend.call<T>(command, { kind, id })))),
    enabled: options.enabled ?? true,
    meta: { kinds: options.kinds },
  });
}

function useCached<T>(
  key: unknown[],
  command: string,
  args: Record<string, unknown>,
  options: ViewOptions,
): UseQueryResult<T, BackendProblem> {
  return useQuery<T, BackendProblem>(queryOf<T>(useBackend(), key, command, args, options));
}

function queryOf<T>(
  backend: Backend,
  queryKey: unknown[],
  command: string,
  args: Record<string, unknown>,
  options: ViewOptions,
) {
  return {
    queryKey,
    queryFn: () => asked(backend.call<T>(command, args)),
    enabled: options.enabled ?? true,
    meta: { kinds: options.kinds },
    ...(options.keepPrevious ? { placeholderData: keepPreviousData } : {}),
  };
}

/** A command of the desk: sign-in, lock, settings. Views are asked again on success. */
export function useCommand<Args extends Record<string, unknown>, Answer>(
  command: string,
): UseMutationResult<Answer, BackendProblem, Args> {
  const backend = useBackend();
  const queries = useQueryClient();
  return useMutation<Answer, BackendProblem, Args>({
    mutationFn: (args) => asked(backend.call<Answer>(command, args)),
    onSuccess: () => askAnew(queries),
  });
}

/** Does `then` once a deed is done, also when what was pressed is gone by then: asking the views anew may have taken it off the page, and `mutate` tells nobody who is gone. What was refused stands in the deed's `error`. */
export function whenDone<Answer>(deed: Promise<Answer>, then: (answer: Answer) => void) {
  deed.then(then, () => {});
}

/** One record to write: only the fields the person changed, as plain values; `id` null for a new one. */
export interface DraftIn {
  kind: string;
  id: string | null;
  fields: Record<string, unknown>;
}

/** Writes records as one action. `as_of` is the moment of the view the person saw. */
export function useSave(): UseMutationResult<
  Saved,
  BackendProblem,
  { drafts: DraftIn[]; as_of: number; confirmed?: string[] }
> {
  return useCommand("save");
}

/** Something a person does on the ward: admit, transfer, swap, discharge, hold, release. */
export function useAct<Args>(
  name: string,
): UseMutationResult<Saved, BackendProblem, { args: Args; as_of: number; confirmed?: string[] }> {
  const backend = useBackend();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (act) => asked(backend.call<Saved>("act", { confirmed: [], ...act, name })),
    onSuccess: () => askAnew(queries),
  });
}

async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (thrown) {
    throw problemFrom(thrown);
  }
}
