/** The frame every field shares: label, unit, hint, error. Hint and error stand under the input, so that inputs in a row stay in line. */
import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Label, Text } from "react-aria-components";
import { useText } from "../i18n/useText";

/** What every field takes. */
export interface FieldProps {
  label: string;
  /** Names the field for the error summary and for tests. */
  id?: string;
  hint?: string;
  /** What is wrong, in words; nothing when all is well. */
  error?: string;
  /** Says "(optional)" after the label. */
  optional?: boolean;
  /** Says "(required)" after the label, where nearly everything else is optional. */
  required?: boolean;
  isDisabled?: boolean;
  isReadOnly?: boolean;
  autoFocus?: boolean;
  /** `hidden` keeps the label for screen readers, in grids whose rows name it already. */
  labelIs?: "above" | "hidden";
}

/** Label, hint and error around an input. */
export function FieldFrame({ field, children }: { field: FieldProps; children: ReactNode }) {
  const t = useText();
  const hidden = field.labelIs === "hidden";
  return (
    <>
      <Label className={hidden ? "sr-only" : "text-table font-medium text-ink"}>
        {field.label}
        {field.optional && <span className="font-normal text-faint"> {t("ui.optional")}</span>}
        {field.required && <span className="font-normal text-faint"> {t("ui.required")}</span>}
      </Label>
      {children}
      {field.error && (
        <Text slot="errorMessage" className="flex items-start gap-1 text-small font-medium text-problem">
          <CircleAlert className="mt-px size-3.5 shrink-0" aria-hidden="true" />
          {field.error}
        </Text>
      )}
      {field.hint && (
        <Text slot="description" className="text-small text-faint">
          {field.hint}
        </Text>
      )}
    </>
  );
}

/** The box around a framed field. */
export const FIELD_BOX = "flex min-w-0 flex-col gap-1";
