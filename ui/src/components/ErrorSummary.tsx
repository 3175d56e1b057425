/** What is wrong with a form, on top of it: each line leads to its field. The focus moves here after a failed save. */
import { CircleAlert } from "lucide-react";
import { useEffect, useRef } from "react";
import { Link } from "react-aria-components";
import { useText } from "../i18n/useText";

/** One thing that is wrong; `field` is the `id` its field was given. */
export interface FormError {
  field: string;
  text: string;
}

export interface ErrorSummaryProps {
  errors: readonly FormError[];
  /** Raise it at each failed save, so that the focus comes back here. */
  attempt: number;
}

/** The summary; nothing when there is nothing wrong. */
export function ErrorSummary({ errors, attempt }: ErrorSummaryProps) {
  const t = useText();
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    if (attempt > 0) box.current?.focus();
  }, [attempt]);
  if (errors.length === 0) return null;
  return (
    <section
      ref={box}
      tabIndex={-1}
      role="alert"
      aria-labelledby="error-summary-title"
      className="rounded-panel border-2 border-problem bg-panel px-4 py-3"
    >
      <h2 id="error-summary-title" className="flex items-center gap-2 font-semibold text-problem">
        <CircleAlert className="size-4" aria-hidden="true" />
        {t("ui.errors.title", { count: errors.length })}
      </h2>
      <ul className="mt-1 flex flex-col gap-0.5 pl-6">
        {errors.map((error) => (
          <li key={`${error.field} ${error.text}`}>
            <Link
              onPress={() => focusField(error.field)}
              className="cursor-pointer rounded-sm font-medium text-problem underline underline-offset-2"
            >
              {error.text}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Puts the focus into the field with this id. */
export function focusField(field: string) {
  const place =
    document.querySelector(`[data-field="${CSS.escape(field)}"]`) ?? document.getElementById(field);
  const target = place?.querySelector<HTMLElement>("input, textarea, button, [tabindex='0']") ?? place;
  if (target instanceof HTMLElement) {
    target.focus();
    target.scrollIntoView?.({ block: "center" });
  }
}
