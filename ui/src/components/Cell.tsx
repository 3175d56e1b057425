/** The inside of a table cell: never empty. */
import type { ReactNode } from "react";
import { useText } from "../i18n/useText";

/** What stands in a cell, or that nothing is recorded. */
export function Cell({ content, missing }: { content: ReactNode; missing?: string }) {
  const t = useText();
  if (content !== null && content !== undefined && content !== "") return content;
  if (missing) return <span className="text-faint">{missing}</span>;
  return (
    <>
      <span aria-hidden="true" className="text-faint">
        –
      </span>
      <span className="sr-only">{t("common.not_recorded")}</span>
    </>
  );
}
