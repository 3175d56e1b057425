/** Ctrl+K: everything that can be done or found, by typing. It knows only what it is given. */
import { Search } from "lucide-react";
import { useState } from "react";
import {
  Autocomplete,
  Dialog,
  Header,
  Input,
  Keyboard,
  Menu,
  MenuItem,
  MenuSection,
  Modal,
  ModalOverlay,
  SearchField,
  useFilter,
} from "react-aria-components";
import { useText } from "../i18n/useText";
import { CHOICE_ROW } from "./ChoiceList";

/** One thing the palette can do. */
export interface Command {
  id: string;
  label: string;
  /** More words it is found by. */
  also?: string;
  detail?: string;
  keys?: string;
  /** The heading it stands under. */
  group: string;
  run(): void;
}

export interface CommandPaletteProps {
  isOpen: boolean;
  onClose(): void;
  commands: readonly Command[];
  /** Told what is typed, for commands that come from a search; those are shown as they come. */
  onSearch?(typed: string): void;
  found?: readonly Command[];
}

/** The palette. */
export function CommandPalette({ isOpen, onClose, commands, onSearch, found = [] }: CommandPaletteProps) {
  const t = useText();
  const { contains } = useFilter({ sensitivity: "base" });
  const [typed, setTyped] = useState("");
  const fitting = [
    ...commands.filter((one) => contains(`${one.label} ${one.also ?? ""}`, typed.trim())),
    ...found,
  ];
  const groups = [...new Set(fitting.map((one) => one.group))];
  const close = () => {
    setTyped("");
    onClose();
  };
  const run = (id: string) => {
    close();
    fitting.find((one) => one.id === id)?.run();
  };
  return (
    <ModalOverlay
      isOpen={isOpen}
      isDismissable
      onOpenChange={(open) => !open && close()}
      className="fixed inset-0 z-40 flex items-start justify-center bg-(--veil) p-6 pt-[12vh]"
    >
      <Modal className="float w-[560px] max-w-full">
        <Dialog aria-label={t("ui.palette.title")} className="outline-none">
          <Autocomplete
            inputValue={typed}
            onInputChange={(text) => {
              setTyped(text);
              onSearch?.(text);
            }}
          >
            <SearchField
              aria-label={t("ui.palette.title")}
              autoFocus
              className="flex items-center gap-2 border-b border-line px-4"
            >
              <Search className="size-4 text-faint" aria-hidden="true" />
              <Input
                placeholder={t("ui.palette.hint")}
                className="h-12 flex-1 bg-transparent text-[16px] outline-none [&::-webkit-search-cancel-button]:hidden"
              />
            </SearchField>
            <section
              aria-label={t("ui.palette.title")}
              // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
              tabIndex={0}
              className="max-h-[46vh] overflow-auto -outline-offset-2"
            >
              <Menu
                className="p-1.5 outline-none"
                onAction={(key) => run(String(key))}
                renderEmptyState={() => <p className="px-3 py-3 text-soft">{t("ui.nothing_found")}</p>}
              >
                {groups.map((group) => (
                  <MenuSection key={group} id={group}>
                    <Header className="px-2 pt-2 pb-1 text-small font-semibold text-faint">{group}</Header>
                    {fitting
                      .filter((one) => one.group === group)
                      .map((one) => (
                        <MenuItem key={one.id} id={one.id} textValue={one.label} className={CHOICE_ROW}>
                          <span className="flex-1">
                            {one.label}
                            {one.detail && <span className="ml-2 text-table text-faint">{one.detail}</span>}
                          </span>
                          {one.keys && <Keyboard className="text-small text-faint">{one.keys}</Keyboard>}
                        </MenuItem>
                      ))}
                  </MenuSection>
                ))}
              </Menu>
            </section>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
