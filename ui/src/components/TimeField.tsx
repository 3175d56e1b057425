/** A time of day, typed: `1305`, `9`, `now`. It shows `13:05`; its value is minutes after midnight. */

import { useText } from "../i18n/useText";
import { there } from "../zone";
import type { FieldProps } from "./Field";
import { clock, readTime } from "./readTime";
import { TypedField } from "./TypedField";

export interface TimeFieldProps extends FieldProps {
  /** Minutes after midnight, or null for blank. */
  value: number | null;
  onChange(value: number | null, problem?: string): void;
  /** What `now` means, in minutes after midnight; this computer's clock when left out. */
  now?: number;
  onEnter?(): void;
  onBlur?(): void;
}

/** A time field, 24 hours. */
export function TimeField({ now, hint, ...rest }: TimeFieldProps) {
  const t = useText();
  return (
    <TypedField<number>
      {...rest}
      hint={hint ?? t("ui.time.hint")}
      width="80px"
      write={(value) => (value === null ? "" : clock(value))}
      read={(typed) => {
        const reading = readTime(typed, now ?? minutesHere());
        if (reading.kind === "time") return { value: reading.minutes };
        return reading.kind === "blank" ? { value: null } : { value: null, problem: t("ui.time.not_a_time") };
      }}
    />
  );
}

function minutesHere(): number {
  const at = there(Date.now());
  return at.getUTCHours() * 60 + at.getUTCMinutes();
}
