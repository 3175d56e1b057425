/** Who sits at this computer, at which facility, and how its exchange with the district goes. */
import { useAsked } from "./backend-context";
import type { DeskStatus } from "./generated/wire";

/** The desk and the person at it; asked again whenever something changes. */
export function useSession() {
  return useAsked<DeskStatus>("status");
}
