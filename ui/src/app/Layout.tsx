/** The frame around every page of a signed-in person: rail, header, palette, keys. */
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { Link } from "react-aria-components";
import { useHotkeys } from "react-hotkeys-hook";
import { useAct } from "../backend-context";
import { CommandPalette } from "../components/CommandPalette";
import { ShortcutHelp } from "../components/ShortcutHelp";
import { useText } from "../i18n/useText";
import { useSession } from "../session";
import { useCommands } from "./commands";
import { Header } from "./Header";
import { Rail } from "./Rail";
import { SECTIONS } from "./sections";
import { useShortcutGroups } from "./shortcuts";

/** The frame. */
export function Layout({ children }: { children: ReactNode }) {
  const t = useText();
  const navigate = useNavigate();
  const lock = useAct<Record<string, never>, null>("lock");
  const training = useSession().data?.training ?? false;
  const [open, setOpen] = useState<"palette" | "shortcuts" | null>(null);
  const leave = () => lock.mutate({}, { onSuccess: () => navigate({ to: "/sign-in" }) });
  const commands = useCommands({ lock: leave, shortcuts: () => setOpen("shortcuts") });
  const groups = useShortcutGroups();

  const everywhere = { preventDefault: true, enableOnFormTags: true } as const;
  useHotkeys("ctrl+k", () => setOpen("palette"), everywhere);
  useHotkeys("ctrl+l", leave, everywhere);
  useHotkeys("ctrl+n", () => navigate({ to: "/patients/new" }), everywhere);
  useHotkeys(
    "alt+1,alt+2,alt+3,alt+4,alt+5,alt+6,alt+7,alt+8,alt+9",
    (event) => {
      const section = SECTIONS[Number(event.code.slice(-1)) - 1];
      if (section) navigate({ to: section.href });
    },
    everywhere,
  );
  useHotkeys("shift+?", () => setOpen("shortcuts"), { useKey: true, preventDefault: true });
  useHotkeys("/", () => navigate({ to: "/patients" }), { useKey: true, preventDefault: true });

  return (
    <div className="flex h-full">
      <Link
        onPress={() => document.getElementById("page")?.focus()}
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:bg-panel focus:p-2"
      >
        {t("layout.skip")}
      </Link>
      <Rail />
      <div className="flex min-w-0 flex-1 flex-col">
        {training && (
          <p className="training-stripes shrink-0 px-4 py-0.5 text-center text-small font-semibold">
            {t("layout.training")}
          </p>
        )}
        <Header
          onPalette={() => setOpen("palette")}
          onShortcuts={() => setOpen("shortcuts")}
          onLock={leave}
        />
        <main id="page" tabIndex={-1} className="relative min-h-0 flex-1 overflow-auto px-5 py-4">
          {children}
        </main>
      </div>
      <CommandPalette isOpen={open === "palette"} onClose={() => setOpen(null)} commands={commands} />
      <ShortcutHelp isOpen={open === "shortcuts"} onClose={() => setOpen(null)} groups={groups} />
    </div>
  );
}
