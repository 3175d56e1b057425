/** A long list: only the rows in sight are drawn. Sorting, filtering and counting happen where the rows come from. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { clsx } from "clsx";
import { type KeyboardEvent, useRef, useState } from "react";
import { Cell } from "./Cell";
import type { Column } from "./Column";
import { headCell } from "./Table";

export interface VirtualTableProps<Row> {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowId(row: Row): string;
  onOpen(row: Row): void;
  /** How many there are in all, when `rows` is only the first part. */
  total?: number;
  /** Called when the end of `rows` comes into sight. */
  onEnd?(): void;
  /** CSS height of the box that scrolls. */
  height?: string;
}

const ROW_PX = 32;

/** A virtual table: arrows, Page and Home/End move, Enter opens. */
export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { columns, rows, onOpen, onEnd } = props;
  const box = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState(0);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
    onChange: (instance) => {
      const last = instance.getVirtualItems().at(-1);
      if (last && last.index >= rows.length - 1 && rows.length < (props.total ?? 0)) onEnd?.();
    },
  });
  const drawn = virtual.getVirtualItems();
  const above = drawn[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (drawn.at(-1)?.end ?? 0);

  const go = (index: number) => {
    const aim = Math.max(0, Math.min(rows.length - 1, index));
    setCurrent(aim);
    virtual.scrollToIndex(aim);
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-index="${aim}"]`)?.focus());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((box.current?.clientHeight ?? 320) / ROW_PX) - 2);
    const aim = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + page,
      PageUp: current - page,
      Home: 0,
      End: rows.length - 1,
    }[event.key];
    const row = rows[current];
    if (aim !== undefined) {
      event.preventDefault();
      go(aim);
    } else if (event.key === "Enter" && row) onOpen(row);
  };

  return (
    <div ref={box} className="panel relative overflow-auto" style={{ height: props.height ?? "480px" }}>
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: its rows are moved through with arrows
        role="grid"
        aria-label={props.caption}
        aria-rowcount={(props.total ?? rows.length) + 1}
        aria-colcount={columns.length}
        className="w-full table-fixed border-collapse text-table"
        onKeyDown={onKeyDown}
      >
        <thead className="sticky top-0 z-10 bg-panel">
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <th key={column.id} scope="col" style={{ width: column.width }} className={headCell(column)}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <tr style={{ height: above }} />}
          {drawn.map((item) => {
            const row = rows[item.index];
            return (
              row !== undefined && (
                <tr
                  key={props.rowId(row)}
                  data-index={item.index}
                  aria-rowindex={item.index + 2}
                  tabIndex={item.index === Math.min(current, rows.length - 1) ? 0 : -1}
                  onClick={() => onOpen(row)}
                  onFocus={() => setCurrent(item.index)}
                  className="h-8 cursor-pointer border-b border-line outline-offset-[-2px] hover:bg-hover"
                >
                  {columns.map((column) => (
                    <td key={column.id} className={clsx("truncate px-3", column.numeric && "text-right")}>
                      <Cell content={column.cell(row)} missing={column.missing} />
                    </td>
                  ))}
                </tr>
              )
            );
          })}
          {below > 0 && <tr style={{ height: below }} />}
        </tbody>
      </table>
    </div>
  );
}
