/** When something happened: now, or a day and a time that are typed. Wards write much down after the fact. */
import { DateField } from "../../components/DateField";
import { RadioGroup } from "../../components/RadioGroup";
import { TimeField } from "../../components/TimeField";
import { useText } from "../../i18n/useText";
import type { Moment } from "./moment";
import { useClock } from "./useClock";

export interface WhenProps {
  /** Names it for the error summary; its fields are `<id>.day` and `<id>.time`. */
  id: string;
  label: string;
  /** Null is now. */
  value: Moment | null;
  onChange(value: Moment | null): void;
  /** What is wrong, by the id of a field. */
  errorOf(id: string): string | undefined;
  /** `never` asks for a day and a time from the beginning. */
  now?: "offered" | "never";
}

/** The choice and, at another time, its two fields. */
export function When({ id, label, value, onChange, errorOf, now = "offered" }: WhenProps) {
  const t = useText();
  const clock = useClock();
  const moment = value ?? { day: clock.today, minutes: null };
  const isTyped = now === "never" || value !== null;
  const read = (part: "day" | "time", held: Partial<Moment>, problem?: string) =>
    onChange({ ...moment, ...held, unread: { ...moment.unread, [part]: problem } });
  return (
    <fieldset className="flex min-w-0 flex-wrap items-start gap-x-6 gap-y-2">
      <legend className="sr-only">{label}</legend>
      {now === "offered" && (
        <RadioGroup
          id={isTyped ? undefined : id}
          label={label}
          layout="row"
          choices={[
            { id: "now", label: t("movement.when.now") },
            { id: "then", label: t("movement.when.then") },
          ]}
          value={isTyped ? "then" : "now"}
          onChange={(choice) => onChange(choice === "now" ? null : moment)}
          error={isTyped ? undefined : errorOf(id)}
        />
      )}
      {isTyped && (
        <span data-field={id} className="flex min-w-0 items-start gap-3">
          <DateField
            id={`${id}.day`}
            label={now === "never" ? label : t("movement.day")}
            value={moment.day}
            onChange={(day, problem) => read("day", { day }, problem)}
            today={clock.today}
            max={clock.today}
            error={errorOf(`${id}.day`)}
          />
          <TimeField
            id={`${id}.time`}
            label={t("movement.time")}
            value={moment.minutes}
            onChange={(minutes, problem) => read("time", { minutes }, problem)}
            now={clock.minutes}
            error={errorOf(`${id}.time`) ?? errorOf(id)}
          />
        </span>
      )}
    </fieldset>
  );
}
