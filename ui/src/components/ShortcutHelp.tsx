/** `?`: every key and what it does, fit to be printed. */
import { useText } from "../i18n/useText";
import { Dialog } from "./Dialog";

/** Keys under one heading. */
export interface ShortcutGroup {
  title: string;
  shortcuts: readonly { keys: readonly string[]; label: string }[];
}

export interface ShortcutHelpProps {
  isOpen: boolean;
  onClose(): void;
  groups: readonly ShortcutGroup[];
}

/** The key map. */
export function ShortcutHelp({ isOpen, onClose, groups }: ShortcutHelpProps) {
  const t = useText();
  return (
    <Dialog title={t("ui.shortcuts.title")} isOpen={isOpen} onClose={onClose} size="large" isReading>
      <div className="gap-x-10 sm:columns-2">
        {groups.map((group) => (
          <section key={group.title} className="mb-5 break-inside-avoid">
            <h3 className="mb-1 text-table font-semibold text-soft">{group.title}</h3>
            <dl>
              {group.shortcuts.map((shortcut) => (
                <div
                  key={shortcut.label}
                  className="flex items-center justify-between gap-4 border-b border-line py-1"
                >
                  <dt>{shortcut.label}</dt>
                  <dd className="flex gap-1">
                    {shortcut.keys.map((key) => (
                      <Key key={key}>{key}</Key>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function Key({ children }: { children: string }) {
  return (
    <kbd className="rounded-control border border-edge bg-sunken px-1.5 text-small font-medium text-ink">
      {children}
    </kbd>
  );
}
