/** One of many choices, found by typing. */
import { ChevronDown } from "lucide-react";
import { ComboBox as AriaComboBox, Button, Input, Popover } from "react-aria-components";
import type { Choice } from "./Choice";
import { ChoiceList } from "./ChoiceList";
import { FIELD_BOX, FieldFrame, type FieldProps } from "./Field";

export interface ComboBoxProps extends FieldProps {
  choices: readonly Choice[];
  value: string | null;
  onChange(value: string | null): void;
  placeholder?: string;
  /** When the choices come from a search: told what is typed; the choices are then shown as they are. */
  onSearch?(typed: string): void;
  /** What the list says while it has no choices, other than that nothing was found. */
  empty?: string;
}

/** A combo box. */
export function ComboBox(props: ComboBoxProps) {
  const { choices, onSearch } = props;
  return (
    <AriaComboBox
      id={props.id}
      data-field={props.id}
      className={FIELD_BOX}
      {...(onSearch ? { items: choices } : { defaultItems: choices })}
      value={props.value}
      onChange={(key) => props.onChange(key === null ? null : String(key))}
      onInputChange={onSearch}
      menuTrigger="focus"
      allowsEmptyCollection
      isInvalid={Boolean(props.error)}
      isDisabled={props.isDisabled}
      autoFocus={props.autoFocus}
    >
      <FieldFrame field={props}>
        <span className="relative block">
          <Input placeholder={props.placeholder} className="control w-full pr-8" />
          <Button className="absolute inset-y-0 right-0 flex w-8 cursor-pointer items-center justify-center text-soft">
            <ChevronDown className="size-4" aria-hidden="true" />
          </Button>
        </span>
      </FieldFrame>
      <Popover className="float min-w-(--trigger-width)">
        <ChoiceList empty={props.empty} />
      </Popover>
    </AriaComboBox>
  );
}
