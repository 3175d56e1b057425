/** A plain table for up to some hundred rows. Longer lists are `VirtualTable`. The order is the one it is given. */
import { clsx } from "clsx";
import { Button as AriaButton } from "react-aria-components";
import { Cell } from "./Cell";
import type { Column } from "./Column";

export interface TableProps<Row> {
  /** Names the table; shown above it unless `captionIs` is hidden. */
  caption: string;
  captionIs?: "shown" | "hidden";
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowId(row: Row): string;
  /** Makes the first cell of a row a button that opens it; a click anywhere in the row does the same. */
  onOpen?(row: Row): void;
  /** Said in place of rows when there are none. */
  empty?: string;
}

/** A table. */
export function Table<Row>(props: TableProps<Row>) {
  const { columns, rows, onOpen } = props;
  return (
    <div className="relative overflow-x-auto">
      <table className="w-full border-collapse text-table">
        <caption
          className={clsx(
            "pb-2 text-left text-body font-semibold",
            props.captionIs === "hidden" && "sr-only",
          )}
        >
          {props.caption}
        </caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.id} scope="col" style={{ width: column.width }} className={headCell(column)}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={props.rowId(row)}
              onClick={onOpen && (() => onOpen(row))}
              className={clsx(
                "border-b border-line last:border-0",
                onOpen && "cursor-pointer hover:bg-hover",
              )}
            >
              {columns.map((column, index) => (
                <td key={column.id} className={bodyCell(column)}>
                  {onOpen && index === 0 ? (
                    <AriaButton
                      onPress={() => onOpen(row)}
                      className="cursor-pointer rounded-control text-left font-medium text-accent underline underline-offset-2"
                    >
                      <Cell content={column.cell(row)} missing={column.missing} />
                    </AriaButton>
                  ) : (
                    <Cell content={column.cell(row)} missing={column.missing} />
                  )}
                </td>
              ))}
            </tr>
          ))}
          {rows.length === 0 && props.empty && (
            <tr>
              <td colSpan={columns.length} className="px-3 py-4 text-soft">
                {props.empty}
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}

/** How a head cell looks; the virtual table shares it. */
export function headCell(column: { numeric?: boolean }): string {
  return clsx(
    "border-b border-edge px-3 py-1.5 text-small font-semibold text-soft align-bottom",
    column.numeric ? "text-right" : "text-left",
  );
}

/** How a body cell looks: 32 px high with one line. */
export function bodyCell(column: { numeric?: boolean }): string {
  return clsx("px-3 py-1.5 align-top", column.numeric && "text-right tabular-nums");
}
