import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { BackendProblem } from "../backend";
import { deskOf, draw } from "../testing/draw";
import { decimalOf, numberOf, TakeAlong } from "./TakeAlong";

const COLUMNS = [
  { label: "Ward", file: (row: { name: string }) => row.name },
  { label: "Beds", file: () => numberOf(12) },
  { label: "Oxygen", file: () => decimalOf("-1250.50") },
];

it("a table is written as it stands with the keyboard alone, and a refusal keeps what was typed", async () => {
  const desk = deskOf({ write_table: new BackendProblem("file_exists") });
  draw(
    <TakeAlong title="Census" about="19-Nov-2026" name="census" columns={COLUMNS} rows={[{ name: "ICU" }]} />,
    { backend: desk.backend },
  );
  screen.getByRole("button", { name: "Take along" }).focus();
  await userEvent.keyboard("{Enter}");
  expect(await screen.findByLabelText("File")).toHaveFocus();
  await userEvent.keyboard("-2{Enter}");
  expect(await screen.findByText("There is a file of this name already")).toBeVisible();
  desk.answers.write_table = { path: "/home/ward/census-23.csv", rows: 1 };
  await userEvent.click(screen.getByLabelText(/CSV/));
  await userEvent.type(screen.getByLabelText("File"), "3{Enter}");
  expect(await screen.findByText("Written to /home/ward/census-23.csv")).toBeVisible();
  expect(desk.calls.at(-1)?.args.table).toEqual({
    path: "census-23",
    shape: "csv",
    language: "en",
    title: "Census",
    about: "19-Nov-2026",
    columns: ["Ward", "Beds", "Oxygen"],
    rows: [["ICU", { digits: 12, scale: 0 }, { digits: -125050, scale: 2 }]],
  });
});

it("a file without a name is not asked for", async () => {
  const desk = deskOf({});
  draw(<TakeAlong title="Census" about="" name="" columns={COLUMNS} rows={[]} />, { backend: desk.backend });
  await userEvent.click(screen.getByRole("button", { name: "Take along" }));
  await userEvent.click(screen.getByRole("button", { name: "Write the file" }));
  expect(await screen.findByText("Type a name for the file")).toBeVisible();
  expect(desk.calls).toEqual([]);
});
