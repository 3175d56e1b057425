import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { deskOf, draw, statusOf } from "../../testing/draw";
import { InboxPage } from "./InboxPage";

const head = { value_caption: null, desk: "ICU-2", at: 0, in_force: false };
const phone = {
  kind: "patient",
  record: "p1",
  caption: "Lakshmi Nair",
  field: "phone",
  may_resolve: true,
  heads: [
    { ...head, change: "c1", value: "9847012345", by: "Anju" },
    { ...head, change: "c2", value: "9847012354", by: "Fathima", in_force: true },
  ],
};
const entry = (id: string, visited: number) => ({
  kind: "triage",
  id,
  caption: "",
  bed: null,
  rounds: null,
  fields: { day: "2026-11-18", shift: "morning", visited },
});
const twice = {
  what: "two_triage_entries",
  since: null,
  may_resolve: true,
  records: [entry("t1", 90), entry("t2", 88)],
};

function deskWith(inbox: object) {
  return deskOf({
    status: statusOf(),
    "view inbox": inbox,
    history: [],
    resolve: { ids: ["p1"], as_of: 2 },
    save: { ids: ["t2"], as_of: 2 },
    act: { ids: ["e2"], as_of: 2 },
  });
}
const resolved = { kind: "patient", record: "p1", field: "phone", as_of: 1 };

it("keeping a value sends it with the moment of the view", async () => {
  const desk = deskWith({ fields: [phone], ward: [] });
  draw(<InboxPage />, { backend: desk.backend });
  await userEvent.click(await screen.findByRole("button", { name: "Keep this: 9847012345" }));
  await waitFor(() =>
    expect(desk.calls).toContainEqual({ command: "resolve", args: { ...resolved, value: "9847012345" } }),
  );
});

it("a third value can be written, but not a blank one", async () => {
  const desk = deskWith({ fields: [phone], ward: [] });
  draw(<InboxPage />, { backend: desk.backend });
  await userEvent.click(await screen.findByRole("button", { name: "Write another value" }));
  await userEvent.click(screen.getByRole("button", { name: "Save this value" }));
  expect(desk.calls.some((call) => call.command === "resolve")).toBe(false);
  await userEvent.type(screen.getByRole("textbox"), "9400000000");
  await userEvent.click(screen.getByRole("button", { name: "Save this value" }));
  await waitFor(() =>
    expect(desk.calls).toContainEqual({ command: "resolve", args: { ...resolved, value: "9400000000" } }),
  );
});

it("letting one triage entry stand voids the other, with a reason", async () => {
  const desk = deskWith({ fields: [], ward: [twice] });
  draw(<InboxPage />, { backend: desk.backend });
  const [first] = await screen.findAllByRole("button", { name: "Let this entry stand" });
  if (first) await userEvent.click(first);
  await userEvent.type(await screen.findByRole("textbox"), "counted twice");
  await userEvent.click(screen.getByRole("button", { name: "Mark as entered in error" }));
  await waitFor(() => expect(desk.calls.some((call) => call.command === "save")).toBe(true));
  expect(desk.calls.find((call) => call.command === "save")?.args).toEqual({
    drafts: [{ kind: "triage", id: "t2", fields: { voided: "yes", void_reason: "counted twice" } }],
    as_of: 1,
    confirmed: [],
  });
});

it("a patient admitted twice is shown with both admissions, and the wrong one is voided with its stay", async () => {
  const admission = (id: string, bed: string | null, rounds: number) => ({
    kind: "encounter",
    id,
    caption: "Lakshmi Nair",
    fields: { patient: "p1", admitted_at: Date.UTC(2026, 10, 20, 6, 30) },
    bed,
    rounds,
  });
  const records = [admission("e1", "ICU-2 01", 3), admission("e2", null, 0)];
  const desk = deskWith({
    fields: [],
    ward: [{ what: "admitted_twice", since: null, may_resolve: true, records }],
  });
  draw(<InboxPage />, { backend: desk.backend });
  expect(await screen.findByText("One patient admitted twice")).toBeInTheDocument();
  expect(screen.getByText("ICU-2 01 · 3 rounds")).toBeInTheDocument();
  expect(screen.getByText("No bed · no round")).toBeInTheDocument();
  const wrong = screen.getAllByRole("button", { name: "This admission is wrong" })[1];
  if (wrong) await userEvent.click(wrong);
  await userEvent.type(await screen.findByRole("textbox"), "came once");
  await userEvent.click(screen.getByRole("button", { name: "Mark as entered in error" }));
  await waitFor(() => expect(desk.calls.some((call) => call.command === "act")).toBe(true));
  expect(desk.calls.find((call) => call.command === "act")?.args).toEqual({
    name: "void_admission",
    args: { encounter: "e2", reason: "came once" },
    as_of: 1,
    confirmed: [],
  });
});

it("nobody is offered what their role may not decide", async () => {
  const desk = deskWith({ fields: [{ ...phone, may_resolve: false }], ward: [] });
  draw(<InboxPage />, { backend: desk.backend });
  await screen.findByText(/may not decide/);
  expect(screen.queryByRole("button")).toBeNull();
});
