/** One of a few known choices, in a list that drops down. Up to seven choices are better as radio buttons. */
import { ChevronDown } from "lucide-react";
import { Select as AriaSelect, Button, Popover, SelectValue } from "react-aria-components";
import { useText } from "../i18n/useText";
import type { Choice } from "./Choice";
import { ChoiceList } from "./ChoiceList";
import { FIELD_BOX, FieldFrame, type FieldProps } from "./Field";

export interface SelectProps extends FieldProps {
  choices: readonly Choice[];
  value: string | null;
  onChange(value: string | null): void;
  width?: string;
  placeholder?: string;
}

/** A select. Typing letters jumps to a choice. */
export function Select(props: SelectProps) {
  const t = useText();
  return (
    <AriaSelect
      id={props.id}
      data-field={props.id}
      className={FIELD_BOX}
      value={props.value}
      onChange={(key) => props.onChange(key === null ? null : String(key))}
      isInvalid={Boolean(props.error)}
      isDisabled={props.isDisabled}
      placeholder={props.placeholder ?? t("ui.choose")}
      autoFocus={props.autoFocus}
    >
      <FieldFrame field={props}>
        <Button
          style={{ width: props.width }}
          className="control flex w-full cursor-pointer items-center justify-between gap-2 text-left"
          aria-invalid={props.error ? true : undefined}
        >
          <SelectValue className="truncate data-[placeholder]:text-faint [&_[data-detail]]:hidden [&_svg]:hidden" />
          <ChevronDown className="size-4 shrink-0 text-soft" aria-hidden="true" />
        </Button>
      </FieldFrame>
      <Popover className="float min-w-(--trigger-width)">
        <ChoiceList items={props.choices} />
      </Popover>
    </AriaSelect>
  );
}
