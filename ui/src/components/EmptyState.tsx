/** What a list says when there is nothing in it: why, and what can be done. */
import type { ReactNode } from "react";

export interface EmptyStateProps {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  icon?: ReactNode;
}

/** An empty list, explained. */
export function EmptyState({ title, children, action, icon }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-start gap-2 rounded-panel border border-dashed border-edge px-6 py-5">
      {icon && <span className="text-faint">{icon}</span>}
      <p className="font-semibold">{title}</p>
      {children && <div className="max-w-prose text-table text-pretty text-soft">{children}</div>}
      {action && <div className="pt-1">{action}</div>}
    </div>
  );
}
