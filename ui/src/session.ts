/** Who sits at this computer, at which facility, and how its exchange with the district goes. */
import { useAsked, useView } from "./backend-context";
import type { DeskStatus, RecordShown } from "./generated/wire";
import { setZone } from "./zone";

/** The desk and the person at it; asked again whenever something changes. */
export function useSession() {
  const asked = useAsked<DeskStatus>("status");
  if (asked.data?.facility) setZone(asked.data.utc_offset_minutes);
  return asked;
}

/** The name of this computer's facility, once somebody is signed in. */
export function useFacilityName(): string | null {
  const status = useSession().data;
  const args = { kind: "facility", id: status?.facility };
  const shown = useView<RecordShown>("record", args, {
    kinds: ["facility"],
    enabled: status?.phase === "open" && status.facility !== null,
  });
  const name = shown.data?.fields.name;
  return typeof name === "string" ? name : null;
}

/** Where a person was when the desk was locked. */
export interface Seat {
  username: string;
  /** The page, such as `/beds`. */
  page: string;
}

let last: Seat | null = null;

/** Remembers, until the window closes, who was here last and at which page. Nothing of it is written to disk. */
export function leaveSeat(seat: Seat) {
  last = seat;
}

/** Who was here last. */
export function lastSeat(): Seat | null {
  return last;
}
