/** The frame around every page of a signed-in person: rail, header, palette, keys. */
import { Navigate, useLocation, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { Link } from "react-aria-components";
import { useHotkeys } from "react-hotkeys-hook";
import { useMay } from "../access";
import { ClockBanner } from "../clock-banner";
import { EmptyState } from "../components/EmptyState";
import { ShortcutHelp } from "../components/ShortcutHelp";
import { undoLast } from "../components/Toast";
import { BeginEmergency } from "../features/emergency/BeginEmergency";
import { EmergencyBar } from "../features/emergency/EmergencyBar";
import { ChangePassword } from "../features/settings/ChangePassword";
import { useText } from "../i18n/useText";
import { useSession } from "../session";
import { ArrivingBanner, ArrivingPage, isAwaiting, tellsItself } from "./Arriving";
import { AsOf } from "./AsOf";
import { AutoLock } from "./AutoLock";
import { useCommands } from "./commands";
import { Header } from "./Header";
import { useLeave } from "./leave";
import { Palette } from "./Palette";
import { Rail } from "./Rail";
import { keyOf, sectionAt, useSections } from "./sections";
import { useShortcutGroups } from "./shortcuts";
import { useNetworkBack } from "./useNetworkBack";

/** The frame. */
export function Layout({ children }: { children: ReactNode }) {
  const t = useText();
  const navigate = useNavigate();
  const status = useSession().data;
  const leave = useLeave();
  const may = useMay();
  useNetworkBack();
  const sections = useSections();
  const { pathname } = useLocation();
  const [isPartShown, setPartShown] = useState(false);
  const [open, setOpen] = useState<"palette" | "shortcuts" | "password" | null>(null);
  const commands = useCommands({
    lock: leave,
    shortcuts: () => setOpen("shortcuts"),
    password: () => setOpen("password"),
  });
  const groups = useShortcutGroups();

  const everywhere = { preventDefault: true, enableOnFormTags: true } as const;
  useHotkeys("ctrl+k", () => setOpen("palette"), everywhere);
  useHotkeys("ctrl+s", saveForm, everywhere);
  useHotkeys("ctrl+l", leave, everywhere);
  useHotkeys("ctrl+n", () => may("write", "patient") && navigate({ to: "/patients/new" }), everywhere);
  useHotkeys(
    "alt+1,alt+2,alt+3,alt+4,alt+5,alt+6,alt+7,alt+8,alt+9,alt+0",
    (event) => {
      const section = sections.find((_, place) => keyOf(place) === event.code.slice(-1));
      if (section) navigate({ to: section.href });
    },
    everywhere,
  );
  useHotkeys("ctrl+z", undoLast, { preventDefault: true, ignoreEventWhen: isTyping });
  useHotkeys("shift+?", () => setOpen("shortcuts"), { useKey: true, preventDefault: true });
  useHotkeys("/", () => may("see", "patient") && navigate({ to: "/patients" }), {
    useKey: true,
    preventDefault: true,
  });

  const here = sectionAt(pathname);
  const isTheirs = !here || sections.includes(here);
  const start = sections[0];
  if (!isTheirs && pathname === "/" && start) return <Navigate to={start.href} replace />;

  const arriving = status?.sync.arriving ?? null;
  const isAwaited = arriving !== null && !isPartShown && isAwaiting(pathname, arriving);

  const isPartTold = arriving !== null && !isAwaited && !tellsItself(pathname);

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
        {status?.sample && (
          <p className="training-stripes shrink-0 px-4 py-0.5 text-center text-small font-semibold">
            {t("layout.training")}
          </p>
        )}
        {status?.emergency && <EmergencyBar emergency={status.emergency} />}
        {status?.who?.read_only && !status.emergency && (
          <div className="flex shrink-0 flex-wrap items-center justify-center gap-x-4 gap-y-1 border-b border-line bg-watch-tint px-4 py-1">
            <p className="min-w-0 flex-1 basis-80 text-center text-small font-medium text-watch">
              {t(status.who.has_run_out ? "layout.has_run_out" : "layout.read_only")}
            </p>
            {status.who.has_run_out && may("see", "patient") && <BeginEmergency />}
          </div>
        )}
        <Header
          onPalette={() => setOpen("palette")}
          onShortcuts={() => setOpen("shortcuts")}
          onLock={leave}
        />
        {(isPartTold || status?.sync.clock_off_ms != null) && (
          <div className="flex shrink-0 flex-col gap-2 px-5 pt-3 pb-1">
            <ClockBanner />
            {arriving !== null && isPartTold && <ArrivingBanner arriving={arriving} pathname={pathname} />}
          </div>
        )}
        <main id="page" tabIndex={-1} className="relative min-h-0 flex-1 overflow-auto px-5 py-4">
          {!isTheirs ? (
            <NotTheirs />
          ) : isAwaited ? (
            <ArrivingPage
              arriving={arriving}
              state={status?.sync.state ?? "offline"}
              onShow={() => setPartShown(true)}
            />
          ) : (
            children
          )}
        </main>
        <AsOf />
      </div>
      {status && <AutoLock minutes={status.lock_after_minutes} onLock={leave} />}
      <Palette isOpen={open === "palette"} onClose={() => setOpen(null)} commands={commands} />
      {open === "password" && <ChangePassword onClose={() => setOpen(null)} />}
      <ShortcutHelp isOpen={open === "shortcuts"} onClose={() => setOpen(null)} groups={groups} />
    </div>
  );
}

/** In a field the keys belong to what is typed there. */
function isTyping(): boolean {
  return document.activeElement?.matches("input, textarea, select, [contenteditable]") ?? false;
}

/** Presses the button that saves in the form on top: every form has one. */
function saveForm() {
  const within = [...document.querySelectorAll("[role=dialog], [role=alertdialog]")].at(-1) ?? document;
  within.querySelector<HTMLElement>("[type=submit][data-primary]")?.click();
}

/** An address of a part that the person's role does not see. */
function NotTheirs() {
  const t = useText();
  return <EmptyState title={t("layout.not_for_role")}>{t("layout.not_for_role.what")}</EmptyState>;
}
