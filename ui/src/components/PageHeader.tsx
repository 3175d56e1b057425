/** The top of a page: its title, what it is about, its buttons. */
import type { ReactNode } from "react";

export interface PageHeaderProps {
  title: string;
  /** A line under the title, such as "as of 13:05". */
  detail?: ReactNode;
  /** At most one primary button. */
  actions?: ReactNode;
}

/** A page's head; the only h1. */
export function PageHeader({ title, detail, actions }: PageHeaderProps) {
  return (
    <header className="mb-4 flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
      <div className="min-w-0">
        <h1 className="text-title font-semibold tracking-[-0.01em]">{title}</h1>
        {detail && <div className="text-table text-soft">{detail}</div>}
      </div>
      {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
    </header>
  );
}
