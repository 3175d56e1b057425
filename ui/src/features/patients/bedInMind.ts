/** The bed somebody is about to be admitted to, carried in the address from the bed board through the registration to the admission. */
import { useLocation } from "@tanstack/react-router";

/** The bed's id; null when nobody came from a bed. */
export function useBedInMind(): string | null {
  return new URLSearchParams(useLocation().searchStr).get("bed");
}
