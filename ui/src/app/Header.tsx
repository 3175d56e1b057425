/** The line at the top: where we are, whether our work is safe, who is here, how it looks, and the lock. */
import { Keyboard, Lock, Search } from "lucide-react";
import { Button as AriaButton } from "react-aria-components";
import { IconButton } from "../components/IconButton";
import { SyncChip } from "../features/sync/SyncChip";
import { useText } from "../i18n/useText";
import { LanguageMenu, LookMenu } from "../look-menus";
import { useFacilityName, useSession } from "../session";

export interface HeaderProps {
  onPalette(): void;
  onShortcuts(): void;
  onLock(): void;
}

/** The header. */
export function Header({ onPalette, onShortcuts, onLock }: HeaderProps) {
  const t = useText();
  const who = useSession().data?.who;
  const facility = useFacilityName();
  return (
    <header className="screen-only flex h-11 shrink-0 items-center gap-3 border-b border-line bg-panel pr-2 pl-4">
      <span className="min-w-24 truncate font-semibold" title={facility ?? undefined}>
        {facility ?? t("common.product")}
      </span>
      <SyncChip />
      <span className="flex-1" />
      <AriaButton
        onPress={onPalette}
        className="flex h-8 w-48 min-w-9 shrink-[3] cursor-pointer items-center gap-2 rounded-control border border-edge px-2 text-table text-faint hover:border-ink"
      >
        <Search className="size-4 shrink-0" aria-hidden="true" />
        <span className="flex-1 truncate text-left">{t("layout.palette")}</span>
        <kbd className="text-small whitespace-nowrap">Ctrl K</kbd>
      </AriaButton>
      <LookMenu />
      <LanguageMenu />
      <IconButton label={t("layout.shortcuts")} keys="?" onPress={onShortcuts}>
        <Keyboard className="size-4" />
      </IconButton>
      {who && (
        <span className="flex min-w-0 flex-col border-l border-line pl-3 leading-4">
          <span className="truncate text-table font-medium">{who.name}</span>
          <span className="truncate text-[11px] text-faint">{t(`code.role.${who.role}`)}</span>
        </span>
      )}
      <AriaButton
        onPress={onLock}
        aria-keyshortcuts="Control+L"
        className="flex h-8 shrink-0 cursor-pointer items-center gap-1.5 rounded-control border border-edge px-2.5 text-table font-medium hover:border-ink hover:bg-hover"
      >
        <Lock className="size-4" aria-hidden="true" />
        {t("layout.lock")}
      </AriaButton>
    </header>
  );
}
