/** Who sits at this computer, at which facility, and whether anyone does. */
import { useView } from "./backend-context";

/** What the desk says about the person at it. */
export interface Session {
  state: "first_run" | "signed_out" | "signed_in";
  person: { id: string; name: string; role: string } | null;
  facility: { id: string; name: string } | null;
  /** A practice database: the window says so all the time. */
  training: boolean;
}

/** The person at this computer; asked again whenever something changes. */
export function useSession() {
  return useView<Session>("session");
}
