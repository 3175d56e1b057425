/** The main parts of the window in the order of the rail; Alt+1 is the first, Alt+0 the tenth. A person gets those their role can see. */
import {
  BedDouble,
  ClipboardList,
  Inbox,
  LayoutDashboard,
  type LucideIcon,
  MonitorCog,
  Package,
  RefreshCw,
  ScrollText,
  Settings,
  Users,
} from "lucide-react";
import { roleMay } from "../access";
import type { Kind } from "../generated/entities";
import { useSession } from "../session";

/** One part: its page, its word, its sign, and the kinds a role must see, and write, for it. */
export interface Section {
  href: string;
  word: string;
  sign: LucideIcon;
  needs: readonly Kind[];
  writes?: readonly Kind[];
}

/** All parts. */
export const SECTIONS: readonly Section[] = [
  { href: "/", word: "layout.rail.warroom", sign: LayoutDashboard, needs: ["bed_stay", "triage"] },
  { href: "/beds", word: "layout.rail.beds", sign: BedDouble, needs: ["patient", "bed_stay"] },
  { href: "/patients", word: "layout.rail.patients", sign: Users, needs: ["patient"] },
  { href: "/triage", word: "layout.rail.triage", sign: ClipboardList, needs: ["triage"] },
  { href: "/stock", word: "layout.rail.stock", sign: Package, needs: ["stock_entry"] },
  { href: "/inbox", word: "layout.rail.inbox", sign: Inbox, needs: [] },
  { href: "/sync", word: "layout.rail.sync", sign: RefreshCw, needs: [] },
  { href: "/audit", word: "layout.rail.audit", sign: ScrollText, needs: ["audit_event"] },
  { href: "/settings", word: "layout.rail.settings", sign: Settings, needs: [] },
  // Who answers for the records sees to the computers on which they lie.
  { href: "/desks", word: "layout.rail.desks", sign: MonitorCog, needs: ["patient"], writes: ["person"] },
];

/** The parts a role can see. */
export function sectionsOf(role: string): readonly Section[] {
  return SECTIONS.filter(
    ({ needs, writes = [] }) =>
      needs.every((kind) => roleMay(role, "see", kind)) &&
      writes.every((kind) => roleMay(role, "write", kind)),
  );
}

/** The key that leads to a part together with Alt, by its place. */
export function keyOf(place: number): string {
  return String((place + 1) % 10);
}

/** The part an address belongs to. */
export function sectionAt(pathname: string): Section | undefined {
  return SECTIONS.find((section) =>
    section.href === "/"
      ? pathname === "/"
      : pathname === section.href || pathname.startsWith(`${section.href}/`),
  );
}

/** The parts of the person signed in; the first of them is where they start. */
export function useSections(): readonly Section[] {
  return sectionsOf(useSession().data?.who?.role ?? "");
}
