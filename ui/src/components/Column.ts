/** One column of a table, plain or virtual. */
import type { ReactNode } from "react";

export interface Column<Row> {
  id: string;
  label: string;
  /** What stands in the cell; null, undefined and "" read as not recorded. */
  cell(row: Row): ReactNode;
  /** Right-aligned, tabular figures. */
  numeric?: boolean;
  /** CSS width. */
  width?: string;
  /** What a missing value reads; "–" with "Not recorded" for screen readers when left out. */
  missing?: string;
}
