/** Corrects an entry: the movement form filled with what was entered. */
import { useSeen } from "../../backend-context";
import type { RecordShown, StockLine } from "../../generated/wire";
import { MovementDialog } from "./MovementDialog";
import type { Sheet } from "./movement";

/** The form, once the whole entry is read. */
export function CorrectEntry({ line, entry, onClose }: { line: StockLine; entry: string; onClose(): void }) {
  const seen = useSeen<RecordShown>("record", { kind: "stock_entry", id: entry }).data;
  if (!seen) return null;
  const { fields } = seen.data;
  const start: Sheet = Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );
  const at = typeof fields.at === "number" ? fields.at : Date.now();
  const expected = typeof fields.expected === "string" ? fields.expected : null;
  return (
    <MovementDialog
      lines={[line]}
      as_of={seen.as_of}
      start={{ ...start, item: line.item }}
      corrects={{ id: entry, at, expected }}
      onClose={onClose}
    />
  );
}
