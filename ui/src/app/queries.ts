/** How answers of the desk are kept: they come from this computer, so no network rule applies to them. */
import { QueryClient } from "@tanstack/react-query";

/** A cache for one window. Answers stay fresh until the desk says that something changed. */
export function newQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: "always",
        retry: false,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        staleTime: 5_000,
      },
      // What was sent, passwords too, is forgotten with the page that sent it.
      mutations: { networkMode: "always", retry: false, gcTime: 0 },
    },
  });
}
