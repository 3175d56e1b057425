/** A list of things to do, dropped from a button. */
import { ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { Menu as AriaMenu, Keyboard, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { Button } from "./Button";
import type { Choice } from "./Choice";
import { CHOICE_ROW } from "./ChoiceList";

/** One thing to do. */
export interface MenuChoice extends Choice {
  icon?: ReactNode;
  keys?: string;
  danger?: boolean;
}

export interface MenuProps {
  /** The words of the button, or a whole button for `trigger`. */
  label: string;
  trigger?: ReactNode;
  choices: readonly MenuChoice[];
  onChoose(id: string): void;
}

/** A menu with its button. */
export function Menu({ label, trigger, choices, onChoose }: MenuProps) {
  return (
    <MenuTrigger>
      {trigger ?? (
        <Button icon={<ChevronDown className="order-last size-4" aria-hidden="true" />}>{label}</Button>
      )}
      <Popover className="float min-w-44">
        <AriaMenu
          aria-label={label}
          items={choices}
          onAction={(key) => onChoose(String(key))}
          className="max-h-96 overflow-auto p-1 outline-none"
        >
          {(choice) => (
            <MenuItem
              id={choice.id}
              textValue={choice.label}
              isDisabled={choice.isDisabled}
              className={`${CHOICE_ROW} ${choice.danger ? "text-problem" : ""}`}
            >
              {choice.icon}
              <span className="flex-1">
                {choice.label}
                {choice.detail && <span className="block text-small text-faint">{choice.detail}</span>}
              </span>
              {choice.keys && <Keyboard className="pl-4 text-small text-faint">{choice.keys}</Keyboard>}
            </MenuItem>
          )}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
