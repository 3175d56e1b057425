import { act, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it } from "vitest";
import { roundly } from "../clock-banner";
import type { Arriving, DeskStatus, SyncStatus } from "../generated/wire";
import { deskOf, statusOf } from "../testing/draw";
import { App } from "./App";

const facility = { fields: { name: "General Hospital" }, in_conflict: [], voided: false };
const BOARD = { wards: [], waiting: [] };
const STATUS = statusOf();

function drawAt(page: string, sync: Partial<SyncStatus>, part: Partial<DeskStatus> = {}) {
  window.location.hash = `#${page}`;
  let now: Partial<SyncStatus> = sync;
  const desk = deskOf({
    status: () => ({ ...STATUS, ...part, sync: { ...STATUS.sync, ...now } }),
    touch: null,
    "view record": facility,
    "view records": [],
    "view bed_board": BOARD,
    "view patients": [],
    "view find_patients": [],
    "view likely_same": [],
    "view stock": [],
    draft: null,
    put_draft: null,
    forget_draft: null,
    save: { ids: ["p9"], as_of: 2, action: null },
  });
  render(<App backend={desk.backend} start={{ language: "en", theme: "light" }} />);
  const turn = (next: Partial<SyncStatus>) => {
    now = next;
    act(() => desk.changed(["status"]));
  };
  return Object.assign(turn, { desk });
}

beforeEach(() => {
  window.location.hash = "#/settings";
});

const COMING: Arriving = { have: 0, of: null, present_is_here: false, as_of: null, parts: [], left_s: null };

it("the bed board opens as soon as who lies where is here, and the other pages wait with the progress", async () => {
  const part = (tier: "present" | "others", records_here: number) => ({
    tier,
    bytes: 10_240,
    bytes_here: records_here * 1024,
    records: 10,
    records_here,
  });
  const arriving = { ...COMING, as_of: 0, parts: [part("present", 5), part("others", 0)], left_s: 100 };
  const turn = drawAt("/beds", { arriving });
  await screen.findByText("5 of 20 records are here. About 2 min to go.");
  const others = screen.getByText("All patients, stock and daily reports").closest("li");
  expect(others).toHaveTextContent("0 of 10 records10 KB to come");
  expect(screen.getByRole("progressbar")).toHaveAttribute("aria-valuenow", "25");
  expect(screen.queryByText("No wards yet")).toBeNull();
  turn({ arriving: { ...arriving, present_is_here: true, parts: [part("present", 10), part("others", 0)] } });
  await screen.findByText("No wards yet");
  expect(screen.getByText(/The beds and who lies in them are here, as the district had them/)).toBeVisible();
});

it("when all parts are here only the newest changes are said to be still to come", async () => {
  const part = { tier: "others" as const, bytes: 10_240, bytes_here: 10_240, records: 10, records_here: 10 };
  const arriving = { ...COMING, have: 44_980, of: 45_210, as_of: 0, parts: [part] };
  const turn = drawAt("/patients", { arriving });
  await screen.findByRole("heading", { name: "The newest changes are still arriving" });
  expect(screen.getByText("All 10 records are here. 230 newer changes are still to come.")).toBeVisible();
  expect(screen.getByText("All here")).toBeVisible();
  expect(screen.queryByText("Load the records from a stick")).toBeNull();
  turn({ arriving: { ...arriving, left_s: 130 } });
  await screen.findByText("All 10 records are here. 230 newer changes are still to come. About 3 min to go.");
  turn({ arriving: { ...arriving, of: null } });
  await screen.findByText("All 10 records are here. The district is being asked for newer changes.");
});

it("while records are still arriving a page says so with the progress, not zeros, and opens when they are here", async () => {
  const turn = drawAt("/beds", { arriving: { ...COMING, have: 0 } });
  await screen.findByText("The district has not told yet how many there are.");
  expect(screen.queryByText("No wards yet")).toBeNull();
  turn({ arriving: { ...COMING, have: 1200, of: 45_000 } });
  await screen.findByText("1,200 of 45,000 changes are here.");
  turn({ arriving: { ...COMING, have: 1200, of: 45_000, left_s: 600 } });
  await screen.findByText("1,200 of 45,000 changes are here. About 10 min to go.");
  turn({ arriving: null });
  await screen.findByText("No wards yet");
});

it("what is here so far can be looked at, under a banner that says it is a part", async () => {
  drawAt("/beds", { arriving: { ...COMING, have: 1200, of: 45_000 } });
  await userEvent.click(await screen.findByRole("button", { name: "Show what is here so far" }));
  await screen.findByText("No wards yet");
  expect(screen.getByText(/Figures and lists count only a part/)).toBeVisible();
});

it("who registers somebody meanwhile is told that not everybody is here yet, and is not kept from it", async () => {
  drawAt("/patients/new", { arriving: { ...COMING, have: 1200, of: 45_000 } });
  await screen.findByText(
    /Somebody who is not found may be registered already, and a bed shown as free may be taken/,
  );
  expect(screen.queryByText("Show what is here so far")).toBeNull();
});

it("a wrong clock is told on every page, in words", async () => {
  drawAt("/settings", { clock_off_ms: 3 * 365 * 86_400_000 });
  await screen.findByText("The clock of this computer is about 3 years ahead");
  expect(screen.getByText(/Everything you save is kept and will be sent/)).toBeVisible();
});

it("whose right to work without the district has run out is told what they see still", async () => {
  const who = { person: "p1", username: "anju", name: "Anju", role: "nurse" };
  drawAt("/settings", {}, { who: { ...who, read_only: true, has_run_out: true, not_after: 1, due: null } });
  await screen.findByText(/of patients only those who are in now can be read/);
});

it("a wrong clock is told at the sign-in", async () => {
  drawAt("/sign-in", { clock_off_ms: -26 * 60_000 }, { phase: "sign_in", who: null });
  await screen.findByText("The clock of this computer is about 26 minutes behind");
});

it("a difference of clocks is said as people say it", () => {
  const check = (off_ms: number, expected: string) => expect(roundly(off_ms).join(" ")).toBe(expected);
  const HOUR_MS = 3_600_000;
  check(11 * 60_000, "minutes 11");
  check(-89 * 60_000, "minutes 89");
  check(5.6 * HOUR_MS, "hours 6");
  check(3 * 24 * HOUR_MS, "days 3");
  check(-400 * 24 * HOUR_MS, "days 400");
  check(56.9 * 365.25 * 24 * HOUR_MS, "years 57");
});

it("under every page stands as of when it is, and as of when others' work is in it", async () => {
  const now_ms = Date.now();
  const time = new Date(now_ms + 330 * 60_000).toISOString().slice(11, 16);
  const turn = drawAt("/beds", { last_contact: now_ms });
  await screen.findByText(new RegExp(`^Figures as of ${time.slice(0, 2)}:`));
  expect(screen.getByText(`Received from others as of ${time}`)).toBeVisible();
  turn({ last_contact: null });
  await screen.findByText("Nothing received from others since Wardroom was started");
});

it("a desk that stands alone names no others", async () => {
  drawAt("/beds", { state: "stands_alone", last_contact: null }, { server: null });
  await screen.findByText(/^Figures as of/);
  expect(screen.queryByText(/others/)).toBeNull();
});

it("closing the window asks once while changes wait, and not when nothing does", async () => {
  const turn = drawAt("/beds", { waiting: 3 });
  await screen.findByText("No wards yet");
  let closes = true;
  act(() => {
    closes = turn.desk.closes();
  });
  expect(closes).toBe(false);
  const asked = await screen.findByRole("alertdialog", { name: "3 changes wait to be sent" });
  expect(within(asked).getByText(/They are safe on this computer/)).toBeVisible();
  expect(turn.desk.closes()).toBe(true);
  await userEvent.click(within(asked).getByRole("button", { name: "Stay" }));
  expect(turn.desk.closes()).toBe(false);
  turn({ waiting: 0 });
  await waitFor(() => expect(turn.desk.closes()).toBe(true));
});

it("the sign-in says how much of a locked desk waits to be sent", async () => {
  drawAt("/sign-in", { state: "closed", waiting: 3 }, { phase: "sign_in", who: null });
  await screen.findByText(/^3 changes wait to be sent/);
});

it("Ctrl+S saves the form on the page", async () => {
  const { desk } = drawAt("/patients/new", {});
  await userEvent.type(await screen.findByLabelText(/^Name(?! in)/), "Kamala");
  await userEvent.keyboard("{Control>}s{/Control}");
  await waitFor(() => expect(desk.calls.map(({ command }) => command)).toContain("save"));
});

it("the palette offers what is done on the ward to those who may do it", async () => {
  const nurse = drawAt("/beds", {});
  await screen.findByText("No wards yet");
  await userEvent.keyboard("{Control>}k{/Control}");
  for (const act of ["Admit a patient", "File today's triage: Morning", "Stock: Receive", "New patient"]) {
    expect(await screen.findByRole("menuitem", { name: new RegExp(`^${act}`) })).toBeVisible();
  }
  await userEvent.click(screen.getByRole("menuitem", { name: /^Admit a patient/ }));
  await waitFor(() => expect(window.location.hash).toMatch(/^#\/beds\?do=admit/));
  expect(nurse.desk.calls.map(({ command }) => command)).not.toContain("act");
});

it("the palette offers a pharmacist the stock and nobody's admission", async () => {
  const who = { person: "p3", username: "rahul", name: "Rahul", role: "pharmacist" };
  drawAt(
    "/settings",
    {},
    { who: { ...who, read_only: false, has_run_out: false, not_after: null, due: null } },
  );
  await screen.findByRole("navigation", { name: "Main parts" });
  await userEvent.keyboard("{Control>}k{/Control}");
  await screen.findByRole("menuitem", { name: /^Stock: Receive/ });
  expect(screen.queryByRole("menuitem", { name: /^Admit a patient/ })).toBeNull();
});
