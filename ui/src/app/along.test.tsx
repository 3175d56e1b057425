import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactElement } from "react";
import { expect, it } from "vitest";
import { BedsAlong } from "../features/beds/BedsAlong";
import { LedgerAlong } from "../features/stock/LedgerAlong";
import { MonthAlong } from "../features/triage/MonthAlong";
import type { BedBoard, StockLedger, TableArgs, TriageMonth } from "../generated/wire";
import { deskOf, draw } from "../testing/draw";

/** The table that is handed to the desk when somebody takes it along. */
async function taken(part: ReactElement): Promise<TableArgs> {
  const desk = deskOf({
    write_table: { path: "/home/ward/file.xlsx", rows: 1 },
    "view records": [{ id: "w1", name: "ICU" }],
  });
  draw(part, { backend: desk.backend });
  await userEvent.click(await screen.findByRole("button", { name: "Take along" }));
  await userEvent.click(screen.getByRole("button", { name: "Write the file" }));
  await screen.findByText("Written to /home/ward/file.xlsx");
  return desk.calls.find(({ command }) => command === "write_table")?.args.table as TableArgs;
}

it("a ledger goes with its opening and its closing, its figures as figures, and without what people noted", async () => {
  const entry = {
    id: "e1",
    at: Date.UTC(2026, 10, 19, 6),
    movement: "issue",
    amount: "-2.500",
    balance_after: "7.500",
    batch: "B7",
    expiry: null,
    ward: "w1",
    note: "for Lakshmi",
  };
  const ledger = {
    line: { name: "Oxygen", unit: "litre" },
    opening: "10.000",
    closing: "8.500",
    entries: [{ ...entry, id: "e2", movement: "receive", amount: "1.000", balance_after: "8.500" }, entry],
  } as unknown as StockLedger;
  const table = await taken(
    <LedgerAlong ledger={ledger} period={{ from: "2026-11-01", to: "2026-11-19" }} />,
  );
  expect(table.rows.map((row) => row.slice(1, 5))).toEqual([
    ["Opening", null, { digits: 10_000, scale: 3 }, null],
    ["Issued", { digits: -2_500, scale: 3 }, { digits: 7_500, scale: 3 }, "B7"],
    ["Received", { digits: 1_000, scale: 3 }, { digits: 8_500, scale: 3 }, "B7"],
    ["Closing", null, { digits: 8_500, scale: 3 }, null],
  ]);
  expect(JSON.stringify(table)).not.toContain("Lakshmi");
});

it("a month goes with what is filed of each shift, and blank is not zero", async () => {
  const shift = (word: string, state: string) => ({ day: "2026-11-18", shift: word, state });
  const month = {
    days: [
      {
        day: "2026-11-18",
        shifts: [shift("morning", "filed"), shift("evening", "missing"), shift("night", "late")],
        totals: { visited: 0 },
      },
      { day: "2026-11-20", shifts: [], totals: {} },
    ],
    to_file: [],
  } as unknown as TriageMonth;
  const table = await taken(<MonthAlong month={month} name="November 2026" today="2026-11-19" />);
  expect(table.rows).toHaveLength(1);
  const cell = (label: string) => table.rows[0]?.[table.columns.indexOf(label)];
  expect([cell("Morning"), cell("Evening"), cell("Night")]).toEqual(["Filed", "Missing", "Late"]);
  const figures = table.rows[0]?.slice(4) ?? [];
  expect(figures).toContainEqual({ digits: 0, scale: 0 });
  expect(figures.filter((figure) => figure === null)).toHaveLength(figures.length - 1);
});

it("beds go with their state, and nobody who lies there", async () => {
  const board = {
    figures: { total: 2, occupied: 1, free: 1 },
    wards: [
      {
        name: "ICU",
        beds: [
          {
            label: "01",
            bed_type: "icu",
            status: "occupied",
            occupant: { since: Date.UTC(2026, 10, 19, 6), patient: { name: "NAIR, Lakshmi" } },
            hold: null,
          },
          { label: "02", bed_type: "icu", status: "free", occupant: null, hold: null },
        ],
      },
    ],
  } as unknown as BedBoard;
  const table = await taken(<BedsAlong board={board} />);
  expect(table.rows.map((row) => row.slice(0, 4))).toEqual([
    ["ICU", "01", "ICU", "Occupied"],
    ["ICU", "02", "ICU", "Free"],
  ]);
  expect(table.rows[1]?.[4]).toBeNull();
  expect(JSON.stringify(table)).not.toContain("Lakshmi");
});
