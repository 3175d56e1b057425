import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { BackendProblem } from "../../backend";
import { deskOf, draw } from "../../testing/draw";
import { ReportDialog } from "./ReportDialog";

const NAME = "Lakshmi Nair";
const close = vi.fn();

it("a report is sealed unless somebody says otherwise, its code is shown, and its name says nothing of the person", async () => {
  const written = { path: "/home/ward/a.zip", code: "ABCD-EFGH", records: 3, changes: 7 };
  const desk = deskOf({ report_to_person: written });
  draw(<ReportDialog patient="p1" name={NAME} onClose={close} />, { backend: desk.backend });
  await userEvent.click(screen.getByRole("button", { name: "Write the file" }));
  expect(await screen.findByText("ABCD-EFGH")).toBeVisible();
  expect(screen.getByText("3 records with 7 changes.")).toBeVisible();
  const report = desk.calls[0]?.args.report as Record<string, unknown>;
  expect(report).toMatchObject({ patient: "p1", shape: "sealed", language: "en" });
  expect(report.path).toMatch(/^wardroom-report-\d{4}-\d\d-\d\d$/);
});

it("an open one is warned of, and a refusal is said with what was typed kept", async () => {
  const desk = deskOf({ report_to_person: new BackendProblem("file_exists") });
  draw(<ReportDialog patient="p1" name={NAME} onClose={close} />, { backend: desk.backend });
  await userEvent.click(screen.getByLabelText(/Open, to read and print/));
  await userEvent.click(screen.getByRole("button", { name: "Write the file" }));
  expect(await screen.findByText("There is a file of this name already")).toBeVisible();
  desk.answers.report_to_person = { path: "/x.pdf", code: null, records: 1, changes: 1 };
  await userEvent.type(screen.getByLabelText("File"), "-2");
  await userEvent.click(screen.getByRole("button", { name: "Write the file" }));
  expect(await screen.findByText(/Do not leave it on this computer/)).toBeVisible();
  const last = desk.calls.at(-1)?.args.report as Record<string, unknown>;
  expect(last.shape).toBe("pdf");
  expect(last.path).toMatch(/-2$/);
});

it("whoever gets it reads it in their language, and for a program there is none to choose", async () => {
  const desk = deskOf({ report_to_person: { path: "/x.pdf", code: null, records: 1, changes: 1 } });
  draw(<ReportDialog patient="p1" name={NAME} onClose={close} />, { backend: desk.backend });
  expect(screen.getByLabelText("English")).toBeChecked();
  await userEvent.click(screen.getByLabelText(/another program/));
  expect(screen.queryByLabelText("English")).toBeNull();
  await userEvent.click(screen.getByLabelText(/Open, to read and print/));
  await userEvent.click(screen.getByLabelText(/Malayalam/));
  await userEvent.click(screen.getByRole("button", { name: "Write the file" }));
  await screen.findByText("Written: /x.pdf");
  expect(desk.calls[0]?.args.report).toMatchObject({ shape: "pdf", language: "ml" });
});
