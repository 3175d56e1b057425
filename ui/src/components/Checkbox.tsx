/** Yes or no. For "yes, no, not known" use a radio group: an empty box says nothing. */
import { Check, Minus } from "lucide-react";
import type { ReactNode } from "react";
import { Checkbox as AriaCheckbox } from "react-aria-components";

export interface CheckboxProps {
  id?: string;
  label: ReactNode;
  value: boolean;
  onChange(value: boolean): void;
  /** Some of what it stands for are chosen. */
  isIndeterminate?: boolean;
  isDisabled?: boolean;
  isInvalid?: boolean;
  autoFocus?: boolean;
}

/** A box to tick. */
export function Checkbox({ id, label, value, ...rest }: CheckboxProps) {
  return (
    <AriaCheckbox
      {...rest}
      id={id}
      data-field={id}
      isSelected={value}
      className="group flex min-h-8 cursor-pointer items-center gap-2 rounded-control disabled:cursor-not-allowed disabled:text-faint"
    >
      {({ isSelected, isIndeterminate }) => (
        <>
          <span className="flex size-5 shrink-0 items-center justify-center rounded-sm border border-edge bg-panel text-on-accent group-hover:border-ink group-selected:border-accent group-selected:bg-accent group-indeterminate:border-accent group-indeterminate:bg-accent group-invalid:border-problem forced-colors:text-[CanvasText]">
            {isIndeterminate ? (
              <Minus className="size-4" aria-hidden="true" />
            ) : (
              isSelected && <Check className="size-4" aria-hidden="true" strokeWidth={3} />
            )}
          </span>
          <span>{label}</span>
        </>
      )}
    </AriaCheckbox>
  );
}
