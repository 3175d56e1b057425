import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { BackendProblem } from "../../backend";
import type { DeskStatus, KeptAction } from "../../generated/wire";
import { deskOf, draw, statusOf } from "../../testing/draw";
import { InboxPage } from "./InboxPage";

const action: KeptAction = {
  change: "c9",
  desk: "ICU-2",
  by: "Anju Thomas",
  written: 0,
  since: 0,
  reason: "revoked",
  count: 2,
  says: [
    {
      kind: "patient",
      caption: "Kamala Devi",
      fields: { name: "Kamala Devi", gender: "female" },
      refers: {},
    },
    { kind: "bed_stay", caption: "Kamala Devi", fields: { bed: "b1" }, refers: { bed: "GW-04" } },
  ],
  decided: null,
};
const admin = { person: "p9", username: "meera", name: "Meera", role: "facility_admin" };
const EMPTY = { fields: [], ward: [], emergencies: [] };

function deskWith(kept: object, role = "facility_admin", decide: unknown = null) {
  const status: Partial<DeskStatus> = {
    who: { ...admin, role, read_only: false, has_run_out: false, not_after: null, due: null },
  };
  return deskOf({
    status: statusOf(status),
    "view inbox": EMPTY,
    kept_aside: kept,
    decide_aside: decide,
  });
}

const sent = (desk: ReturnType<typeof deskOf>) =>
  desk.calls.filter((call) => call.command === "decide_aside").map((call) => call.args);

it("shows the admin who wrote it, where, why it waits and what it says", async () => {
  const desk = deskWith({ actions: [action], left_out: 3 });
  draw(<InboxPage />, desk);
  expect(await screen.findByText("Kept aside by the district (4)")).toBeVisible();
  expect(screen.getByText("2 changes together of Anju Thomas")).toBeVisible();
  expect(screen.getByText("Computer was withdrawn")).toBeVisible();
  expect(screen.getByText(/desk ICU-2/)).toBeVisible();
  expect(screen.getByText("Patient: Kamala Devi")).toBeVisible();
  expect(screen.getByText("GW-04")).toBeVisible();
  expect(screen.getByText(/3 more wait/)).toBeVisible();
});

it("asks nothing for people who do not decide", async () => {
  const desk = deskWith({ actions: [action], left_out: 0 }, "nurse");
  draw(<InboxPage />, desk);
  expect(await screen.findByText("Nothing waits for a decision")).toBeVisible();
  expect(desk.calls.some((call) => call.command === "kept_aside")).toBe(false);
});

it("takes in at once and dismisses with a reason, by keyboard alone", async () => {
  const user = userEvent.setup();
  const desk = deskWith({ actions: [action], left_out: 0 });
  draw(<InboxPage />, desk);
  const takeIn = await screen.findByRole("button", { name: "Take in as written" });
  await user.tab();
  expect(takeIn).toHaveFocus();
  await user.keyboard("{Enter}");
  await waitFor(() => expect(sent(desk)).toEqual([{ change: "c9", verdict: "take_in", why: "" }]));
  // What is pressed while it is under way is not taken.
  await waitFor(() => expect(takeIn).not.toHaveAttribute("data-pending"));

  await user.tab();
  await user.keyboard("{Enter}");
  const dialog = await screen.findByRole("alertdialog");
  const why = within(dialog).getByLabelText("Why it is not wanted");
  expect(why).toHaveFocus();
  await user.keyboard("{Enter}");
  expect(await within(dialog).findByText("Say why it is not wanted")).toBeVisible();
  expect(sent(desk)).toHaveLength(1);
  await user.keyboard("entered from paper{Enter}");
  await waitFor(() => expect(sent(desk)).toHaveLength(2));
  expect(sent(desk)[1]).toEqual({ change: "c9", verdict: "dismiss", why: "entered from paper" });
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
});

it("what came too late for somebody who was erased is dismissed only, and nobody is asked for words", async () => {
  const user = userEvent.setup();
  const desk = deskWith({ actions: [{ ...action, reason: "erased" }], left_out: 0 });
  draw(<InboxPage />, desk);
  await user.click(await screen.findByRole("button", { name: "Dismiss…" }));
  expect(screen.queryByRole("button", { name: "Take in as written" })).toBeNull();
  const dialog = within(await screen.findByRole("alertdialog"));
  expect(dialog.queryByRole("textbox")).toBeNull();
  await user.click(dialog.getByRole("button", { name: "Dismiss" }));
  const why = "About somebody who was erased";
  await waitFor(() => expect(sent(desk)).toEqual([{ change: "c9", verdict: "dismiss", why }]));
});

it("keeps the reason and says so when a decision was refused", async () => {
  const user = userEvent.setup();
  const desk = deskWith(
    { actions: [action], left_out: 0 },
    "facility_admin",
    new BackendProblem("already_decided"),
  );
  draw(<InboxPage />, desk);
  await user.click(await screen.findByRole("button", { name: "Dismiss…" }));
  await user.keyboard("twice{Enter}");
  const dialog = await screen.findByRole("alertdialog");
  expect(await within(dialog).findByText("Somebody has decided about this already")).toBeVisible();
  expect(within(dialog).getByLabelText("Why it is not wanted")).toHaveValue("twice");
});

it("offers nothing while a decision is under way, and everything again when it was refused", async () => {
  const decided = { verdict: "take_in", by: "Meera", at: 0, refused: null } as const;
  const desk = deskWith({
    actions: [
      { ...action, decided },
      { ...action, change: "c10", decided: { ...decided, refused: "depends_on_parked" } },
      { ...action, change: "c11", says: [], by: "", written: null },
    ],
    left_out: 0,
  });
  draw(<InboxPage />, desk);
  expect(await screen.findByText("To be taken in")).toBeVisible();
  expect(screen.getByText(/It builds on an earlier change/)).toBeVisible();
  expect(screen.getByText("What they say cannot be shown here.")).toBeVisible();
  // Nobody takes in what cannot be read.
  expect(screen.getAllByRole("button", { name: "Take in as written" })).toHaveLength(1);
  expect(screen.getAllByRole("button", { name: "Dismiss…" })).toHaveLength(2);
});
