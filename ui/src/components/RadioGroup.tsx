/** One of a few choices, all in sight. */
import { clsx } from "clsx";
import { RadioGroup as AriaRadioGroup, Radio } from "react-aria-components";
import type { Choice } from "./Choice";
import { FIELD_BOX, FieldFrame, type FieldProps } from "./Field";

export interface RadioGroupProps extends FieldProps {
  choices: readonly Choice[];
  value: string | null;
  onChange(value: string): void;
  /** `row` puts the choices beside one another. */
  layout?: "column" | "row";
}

/** Radio buttons; arrows choose. */
export function RadioGroup(props: RadioGroupProps) {
  return (
    <AriaRadioGroup
      id={props.id}
      data-field={props.id}
      className={FIELD_BOX}
      value={props.value}
      onChange={props.onChange}
      isInvalid={Boolean(props.error)}
      isDisabled={props.isDisabled}
      orientation={props.layout === "row" ? "horizontal" : "vertical"}
    >
      <FieldFrame field={props}>
        <div className={clsx("flex gap-x-5 gap-y-1", props.layout === "row" ? "flex-wrap" : "flex-col")}>
          {props.choices.map((choice, index) => (
            <Radio
              key={choice.id}
              value={choice.id}
              isDisabled={choice.isDisabled}
              autoFocus={props.autoFocus && (props.value === null ? index === 0 : choice.id === props.value)}
              className="group flex min-h-8 cursor-pointer items-center gap-2 rounded-control"
            >
              <span className="flex size-5 shrink-0 items-center justify-center rounded-full border border-edge bg-panel group-hover:border-ink group-selected:border-accent group-invalid:border-problem">
                <span className="size-2.5 rounded-full bg-accent opacity-0 group-selected:opacity-100 forced-colors:bg-[Highlight]" />
              </span>
              <span>
                {choice.label}
                {choice.detail && <span className="block text-small text-faint">{choice.detail}</span>}
              </span>
            </Radio>
          ))}
        </div>
      </FieldFrame>
    </AriaRadioGroup>
  );
}
