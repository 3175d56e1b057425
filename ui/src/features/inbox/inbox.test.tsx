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
  since: 0,
  escalation: "first",
  blocks: false,
  may_resolve: true,
  heads: [
    { ...head, change: "c1", value: "9847012345", by: "Anju" },
    { ...head, change: "c2", value: "9847012354", by: "Fathima", in_force: true },
  ],
};
const short = { caption: "", bed: null, rounds: null, balance: null, voided: false };
const entry = (id: string, visited: number) => ({
  ...short,
  kind: "triage",
  id,
  fields: { day: "2026-11-18", shift: "morning", visited },
});
const way = (what: string, kind: string, record: string, more: object = {}) => ({
  what,
  kind,
  record,
  other: null,
  at: null,
  ...more,
});
const conflict = {
  since: null,
  escalation: "first",
  reasons: [],
  said: null,
  advisory: false,
  may_resolve: true,
};
const twice = {
  ...conflict,
  what: "two_triage_entries",
  records: [entry("t1", 90), entry("t2", 88)],
  ways: [way("keep_entry", "triage", "t1"), way("keep_entry", "triage", "t2")],
};
const decided = { record: "", other: null, bed: null, at: null, reason: null };

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
/** Nothing is under way any more: what is pressed meanwhile is not taken. */
const settled = () => waitFor(() => expect(document.querySelector("[data-pending]")).toBeNull());
const resolved = { kind: "patient", record: "p1", field: "phone", as_of: 1 };

it("keeping a value sends it with the moment of the view", async () => {
  const desk = deskWith({ emergencies: [], fields: [phone], ward: [] });
  draw(<InboxPage />, { backend: desk.backend });
  await userEvent.click(await screen.findByRole("button", { name: "Keep this: 9847012345" }));
  await waitFor(() =>
    expect(desk.calls).toContainEqual({ command: "resolve", args: { ...resolved, value: "9847012345" } }),
  );
});

it("a third value can be written, but not a blank one", async () => {
  const desk = deskWith({ emergencies: [], fields: [phone], ward: [] });
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

it("letting one triage entry stand takes the others back, with a reason", async () => {
  const desk = deskWith({ emergencies: [], fields: [], ward: [twice] });
  draw(<InboxPage />, { backend: desk.backend });
  const [first] = await screen.findAllByRole("button", { name: "Let this entry stand" });
  if (first) await userEvent.click(first);
  await userEvent.type(await screen.findByRole("textbox"), "counted twice");
  await userEvent.click(screen.getByRole("button", { name: "Mark as entered in error" }));
  await waitFor(() => expect(desk.calls.some((call) => call.command === "act")).toBe(true));
  expect(desk.calls.find((call) => call.command === "act")?.args).toEqual({
    name: "decide",
    args: { ...decided, what: "keep_entry", kind: "triage", record: "t1", reason: "counted twice" },
    as_of: 1,
    confirmed: [],
  });
});

it("a patient admitted twice is shown with both admissions, and the wrong one is voided with its stay", async () => {
  const admission = (id: string, bed: string | null, rounds: number) => ({
    ...short,
    kind: "encounter",
    id,
    caption: "Lakshmi Nair",
    fields: { patient: "p1", admitted_at: Date.UTC(2026, 10, 20, 6, 30) },
    bed,
    rounds,
  });
  const records = [admission("e1", "ICU-2 01", 3), admission("e2", null, 0)];
  const ways = [way("void_admission", "encounter", "e1"), way("void_admission", "encounter", "e2")];
  const desk = deskWith({
    emergencies: [],
    fields: [],
    ward: [{ ...conflict, what: "admitted_twice", records, ways }],
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
  expect(desk.calls.find((call) => call.command === "act")?.args.args).toEqual({
    ...decided,
    what: "void_admission",
    kind: "encounter",
    record: "e2",
    reason: "came once",
  });
});

const person = (id: string, phone: string) => ({
  ...short,
  kind: "patient",
  id,
  caption: "Lakshmi Nair",
  fields: { phone },
});

it("two registrations of one person are made one with one press, or told apart", async () => {
  const likely = {
    ...conflict,
    what: "likely_one",
    records: [person("p1", "9847012345"), person("p2", "9847012345")],
    ways: [
      way("merge", "patient", "p1", { other: "p2" }),
      way("merge", "patient", "p2", { other: "p1" }),
      way("tell_apart", "patient", "p1", { other: "p2" }),
    ],
    reasons: ["same_name", "same_phone"],
  };
  const desk = deskWith({ emergencies: [], fields: [], ward: [likely] });
  draw(<InboxPage />, { backend: desk.backend });
  const here = await screen.findAllByRole("button", { name: "One person: show as this one" });
  expect(screen.getByText("same phone")).toBeInTheDocument();
  if (here[1]) await userEvent.click(here[1]);
  await waitFor(() => expect(desk.calls.filter((call) => call.command === "act")).toHaveLength(1));
  await settled();
  await userEvent.click(screen.getByRole("button", { name: "Two different people" }));
  await waitFor(() => expect(desk.calls.filter((call) => call.command === "act")).toHaveLength(2));
  const [merged, apart] = desk.calls.filter((call) => call.command === "act");
  expect(merged?.args.args).toEqual({
    ...decided,
    what: "merge",
    kind: "patient",
    record: "p2",
    other: "p1",
  });
  expect(apart?.args.args).toEqual({
    ...decided,
    what: "tell_apart",
    kind: "patient",
    record: "p1",
    other: "p2",
  });
});

it("what is compared of two registrations is not asked of the word that they are two people", async () => {
  const told = { ...short, kind: "told_apart", id: "d1", fields: {} };
  const merged = {
    ...conflict,
    what: "merged_and_told_apart",
    records: [person("p1", "9847012345"), person("p2", "9847012345"), told],
    ways: [way("unmerge", "patient", "p2"), way("void", "told_apart", "d1")],
  };
  const desk = deskWith({ emergencies: [], fields: [], ward: [merged] });
  draw(<InboxPage />, { backend: desk.backend });
  expect(await screen.findAllByText("Phone")).toHaveLength(2);
  expect(screen.queryByText(/^field\./)).toBeNull();
});

it("an edit after a void shows what each said, and either is kept knowing of both", async () => {
  const said = {
    ...phone,
    field: "voided",
    heads: [
      { ...head, change: "c1", value: "yes", by: "Anju" },
      { ...head, change: "c2", value: "no", by: "Fathima", in_force: true },
    ],
  };
  const edited = {
    ...conflict,
    what: "edited_after_void",
    records: [person("p1", "9847012345")],
    said,
    ways: [way("keep_standing", "patient", "p1"), way("keep_voided", "patient", "p1")],
  };
  const desk = deskWith({ emergencies: [], fields: [], ward: [edited] });
  draw(<InboxPage />, { backend: desk.backend });
  expect(await screen.findByText("Changed meanwhile")).toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "Keep it voided" }));
  await waitFor(() =>
    expect(desk.calls).toContainEqual({
      command: "resolve",
      args: { kind: "patient", record: "p1", field: "voided", value: "yes", as_of: 1 },
    }),
  );
});

it("what waits too long says so, what this computer cannot be sure of too, and what blocks", async () => {
  const stock = {
    ...conflict,
    what: "stock_below_zero",
    since: Date.now() - 26 * 3_600_000,
    escalation: "war_room",
    advisory: true,
    records: [
      { ...short, kind: "item", id: "i1", caption: "Masks", fields: { unit: "item" }, balance: "-3.000" },
    ],
    ways: [way("count", "item", "i1")],
  };
  const desk = deskWith({
    emergencies: [],
    fields: [{ ...phone, field: "blood_group", blocks: true }],
    ward: [stock],
  });
  draw(<InboxPage />, { backend: desk.backend });
  expect(await screen.findByText("Told in the war room")).toBeInTheDocument();
  expect(screen.getByText(/26 h/)).toBeInTheDocument();
  expect(screen.getByText("Not certain yet")).toBeInTheDocument();
  expect(screen.getByText("−3 items by the ledger")).toBeInTheDocument();
  expect(screen.getByText("Rely on neither")).toBeInTheDocument();
  expect(screen.queryByText("In force")).toBeNull();
});

it("nobody is offered what their role may not decide", async () => {
  const desk = deskWith({ emergencies: [], fields: [{ ...phone, may_resolve: false }], ward: [] });
  draw(<InboxPage />, { backend: desk.backend });
  await screen.findByText(/may not decide/);
  expect(screen.queryByRole("button")).toBeNull();
});
