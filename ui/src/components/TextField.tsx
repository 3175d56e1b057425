/** One line of text, or several. */
import type { HTMLInputTypeAttribute } from "react";
import { TextField as AriaTextField, Input, TextArea } from "react-aria-components";
import { FIELD_BOX, FieldFrame, type FieldProps } from "./Field";

export interface TextFieldProps extends FieldProps {
  value: string;
  onChange(value: string): void;
  type?: HTMLInputTypeAttribute;
  /** More than one makes it a text area. */
  lines?: number;
  placeholder?: string;
  maxLength?: number;
  autoComplete?: string;
  inputMode?: "text" | "numeric" | "tel" | "email" | "search";
  onBlur?(): void;
  onEnter?(): void;
}

/** A text field. */
export function TextField(props: TextFieldProps) {
  const { value, onChange, type = "text", lines = 1, placeholder, onEnter } = props;
  return (
    <AriaTextField
      id={props.id}
      data-field={props.id}
      className={FIELD_BOX}
      value={value}
      onChange={onChange}
      onBlur={props.onBlur}
      type={lines > 1 ? undefined : (type as "text")}
      maxLength={props.maxLength}
      autoComplete={props.autoComplete ?? "off"}
      inputMode={props.inputMode}
      isInvalid={Boolean(props.error)}
      isDisabled={props.isDisabled}
      isReadOnly={props.isReadOnly}
      autoFocus={props.autoFocus}
      onKeyDown={(event) => {
        if (event.key === "Enter" && lines === 1) onEnter?.();
        else event.continuePropagation();
      }}
    >
      <FieldFrame field={props}>
        {lines > 1 ? (
          <TextArea rows={lines} placeholder={placeholder} className="control resize-y" />
        ) : (
          <Input placeholder={placeholder} className="control w-full" />
        )}
      </FieldFrame>
    </AriaTextField>
  );
}
