/** A white area with a heading: the plain container of a page. */
import type { ReactNode } from "react";

export interface PanelProps {
  title?: string;
  /** Small words or a link at the right of the title. */
  aside?: ReactNode;
  children: ReactNode;
}

/** A panel; its title is an h2. */
export function Panel({ title, aside, children }: PanelProps) {
  return (
    <section className="panel px-4 py-3">
      {(title || aside) && (
        <div className="mb-2 flex items-baseline justify-between gap-4">
          {title && <h2 className="text-body font-semibold">{title}</h2>}
          {aside && <div className="text-small text-faint">{aside}</div>}
        </div>
      )}
      {children}
    </section>
  );
}
