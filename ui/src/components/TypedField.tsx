/** A field that is typed first and understood when it is left: the base of number, date and time fields. */
import { clsx } from "clsx";
import { useState } from "react";
import { TextField as AriaTextField, Input } from "react-aria-components";
import { FIELD_BOX, FieldFrame, type FieldProps } from "./Field";

/** What typing came to: a value, nothing, or a problem in words. */
export interface Typed<T> {
  value: T | null;
  problem?: string;
}

export interface TypedFieldProps<T> extends FieldProps {
  value: T | null;
  /** `problem` is there when the words typed mean nothing; the value is then null and must not be saved. */
  onChange(value: T | null, problem?: string): void;
  read(typed: string): Typed<T>;
  write(value: T | null): string;
  unit?: string;
  placeholder?: string;
  inputMode?: "numeric" | "decimal" | "text";
  width?: string;
  align?: "left" | "right";
  /** Enter, after the value was read. */
  onEnter?(): void;
  onBlur?(): void;
}

/** The typing-first field. */
export function TypedField<T>(props: TypedFieldProps<T>) {
  const [draft, setDraft] = useState<string | null>(null);
  const [problem, setProblem] = useState<string>();
  const shown = draft ?? props.write(props.value);
  const error = props.error ?? problem;

  const type = (text: string) => {
    const typed = props.read(text);
    setDraft(text);
    if (!typed.problem) setProblem(undefined);
    props.onChange(typed.value, typed.problem);
  };
  const settle = () => {
    if (draft === null) return;
    const typed = props.read(draft);
    setProblem(typed.problem);
    if (!typed.problem) setDraft(null);
  };

  return (
    <AriaTextField
      id={props.id}
      data-field={props.id}
      className={FIELD_BOX}
      value={shown}
      onChange={type}
      onBlur={() => {
        settle();
        props.onBlur?.();
      }}
      autoComplete="off"
      inputMode={props.inputMode}
      isInvalid={Boolean(error)}
      isDisabled={props.isDisabled}
      isReadOnly={props.isReadOnly}
      autoFocus={props.autoFocus}
      onKeyDown={(event) => {
        if (event.key === "Enter") {
          settle();
          props.onEnter?.();
        }
        event.continuePropagation();
      }}
    >
      <FieldFrame field={{ ...props, error }}>
        <span className="flex items-center gap-2">
          <Input
            placeholder={props.placeholder}
            style={{ width: props.width }}
            className={clsx(
              "control min-w-0",
              props.align === "right" && "text-right",
              !props.width && "w-full",
            )}
            onFocus={(event) => event.currentTarget.select()}
          />
          {props.unit && <span className="text-table whitespace-nowrap text-soft">{props.unit}</span>}
        </span>
      </FieldFrame>
    </AriaTextField>
  );
}
