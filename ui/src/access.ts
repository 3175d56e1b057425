/** What the person's role may see and write. The desk decides; the window only leaves out what would be refused. */
import { type Kind, ROLES } from "./generated/entities";
import { useSession } from "./session";

/** Under this role a desk on the wall answers its board and nothing else. */
export const WALL_ROLE = "wall";

/** What a person wants to do with records of a kind. */
export type Verb = "see" | "write";

/** Whether a role may do it; an unknown role may nothing. */
export function roleMay(role: string, verb: Verb, kind: Kind): boolean {
  const known = ROLES.find((each) => each.word === role);
  return (verb === "see" ? known?.sees : known?.writes)?.includes(kind) ?? false;
}

/** Gives `may("write", "bed")` for the person signed in; nothing may be written while everything is read only. */
export function useMay(): (verb: Verb, kind: Kind) => boolean {
  const who = useSession().data?.who;
  return (verb, kind) =>
    who !== null &&
    who !== undefined &&
    !(verb === "write" && who.read_only) &&
    roleMay(who.role, verb, kind);
}
