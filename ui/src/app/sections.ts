/** The main parts of the window in the order of the rail; Alt+1 is the first. */
import {
  BedDouble,
  ClipboardList,
  Inbox,
  LayoutDashboard,
  Package,
  RefreshCw,
  Settings,
  Users,
} from "lucide-react";

/** The parts, their pages, their words and their signs. */
export const SECTIONS = [
  { href: "/", word: "layout.rail.warroom", sign: LayoutDashboard },
  { href: "/beds", word: "layout.rail.beds", sign: BedDouble },
  { href: "/patients", word: "layout.rail.patients", sign: Users },
  { href: "/triage", word: "layout.rail.triage", sign: ClipboardList },
  { href: "/stock", word: "layout.rail.stock", sign: Package },
  { href: "/inbox", word: "layout.rail.inbox", sign: Inbox },
  { href: "/sync", word: "layout.rail.sync", sign: RefreshCw },
  { href: "/settings", word: "layout.rail.settings", sign: Settings },
] as const;
