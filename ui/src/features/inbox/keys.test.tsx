import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { BackendProblem } from "../../backend";
import { ToastRegion } from "../../components/Toast";
import { deskOf, draw, statusOf } from "../../testing/draw";
import { InboxPage } from "./InboxPage";
import texts from "./texts.en.json";

const short = { caption: "Lakshmi Nair", bed: "ICU-2 01", rounds: null, balance: null, voided: false };
const record = (kind: string, id: string, fields: object = {}) => ({ ...short, kind, id, fields });
const head = { value_caption: null, desk: "ICU-2", at: 0, in_force: false, by: "Anju" };
const heads = (first: unknown, second: unknown) => [
  { ...head, change: "c1", value: first },
  { ...head, change: "c2", value: second, in_force: true },
];
const decision = { since: null, escalation: "first", may_resolve: true };
const ways = (...all: [string, string, string][]) =>
  all.map(([what, kind, id]) => ({ what, kind, record: id, other: null, at: null }));
const stay = (id: string) => record("bed_stay", id, { from: 0 });
const filed = (id: string) => record("triage", id, { day: "2026-11-18", shift: "morning", visited: 9 });
const field = (kind: string, name: string, first: unknown, second: unknown) => ({
  ...decision,
  kind,
  record: "x1",
  caption: "Lakshmi Nair",
  field: name,
  blocks: false,
  heads: heads(first, second),
});
const said = field("patient", "voided", "yes", "no");

/** Every contradiction there is, with its records and all that is offered to end it. */
const WARD: Record<string, { records: object[]; ways: ReturnType<typeof ways>; said?: object }> = {
  two_in_one_bed: {
    records: [stay("s1"), stay("s2")],
    ways: ways(["other_bed", "bed_stay", "s1"], ["end", "bed_stay", "s1"], ["void", "bed_stay", "s2"]),
  },
  one_in_two_beds: {
    records: [stay("s1"), stay("s2")],
    ways: ways(["end", "bed_stay", "s1"], ["void", "bed_stay", "s2"]),
  },
  one_stay_twice: { records: [stay("s1"), stay("s2")], ways: ways(["void", "bed_stay", "s1"]) },
  admitted_twice: {
    records: [record("encounter", "e1"), record("encounter", "e2")],
    ways: ways(["void_admission", "encounter", "e2"], ["unmerge", "patient", "p1"]),
  },
  outside_admission: {
    records: [stay("s1"), record("encounter", "e1")],
    ways: ways(
      ["end", "bed_stay", "s1"],
      ["admitted_then", "encounter", "e1"],
      ["reopen_admission", "encounter", "e1"],
      ["void", "bed_stay", "s1"],
      ["restore", "encounter", "e1"],
    ),
  },
  in_closed_place: {
    records: [stay("s1"), record("bed", "b9")],
    ways: ways(["transfer", "bed_stay", "s1"], ["reopen_place", "bed", "b9"], ["void", "bed_stay", "s1"]),
  },
  in_blocked_bed: {
    records: [stay("s1"), record("bed_hold", "h1", { reason: "blocked" })],
    ways: ways(["transfer", "bed_stay", "s1"], ["end_hold", "bed_hold", "h1"], ["void", "bed_stay", "s1"]),
  },
  in_held_bed: {
    records: [stay("s1"), record("bed_hold", "h1", { reason: "held" })],
    ways: ways(["transfer", "bed_stay", "s1"], ["end_hold", "bed_hold", "h1"]),
  },
  held_twice: {
    records: [record("bed_hold", "h1", { reason: "held" }), record("bed_hold", "h2", { reason: "blocked" })],
    ways: ways(["end_hold", "bed_hold", "h1"], ["end_hold", "bed_hold", "h2"]),
  },
  stock_below_zero: { records: [record("item", "i1")], ways: ways(["count", "item", "i1"]) },
  stock_was_below_zero: {
    records: [record("item", "i1"), record("stock_entry", "n1", { movement: "issue", quantity: "4" })],
    ways: ways(["count", "item", "i1"], ["void", "stock_entry", "n1"]),
  },
  two_triage_entries: {
    records: [filed("t1"), filed("t2")],
    ways: ways(["keep_entry", "triage", "t1"], ["keep_entry", "triage", "t2"]),
  },
  edited_after_void: {
    records: [record("patient", "x1")],
    ways: ways(["keep_standing", "patient", "x1"], ["keep_voided", "patient", "x1"]),
    said,
  },
  corrected_after_void: {
    records: [filed("t1"), filed("t2")],
    ways: ways(["void", "triage", "t2"], ["restore", "triage", "t1"]),
  },
  voided_patient: {
    records: [record("patient", "p1"), record("encounter", "e1")],
    ways: ways(["restore", "patient", "p1"], ["void_admission", "encounter", "e1"]),
  },
  likely_one: {
    records: [record("patient", "p1"), record("patient", "p2")],
    ways: ways(["merge", "patient", "p1"], ["merge", "patient", "p2"], ["tell_apart", "patient", "p1"]),
  },
  merged_and_told_apart: {
    records: [record("patient", "p1"), record("patient", "p2"), record("told_apart", "d1")],
    ways: ways(["unmerge", "patient", "p2"], ["void", "told_apart", "d1"]),
  },
};
const REASON = ["void", "keep_entry", "void_admission"];
const BED = ["transfer", "other_bed"];
const board = {
  wards: [
    { id: "w1", name: "Female medical", beds: [{ id: "b4", label: "04", bed_type: "icu", status: "free" }] },
  ],
};
const after = field("patient", "village", "Kalady", "Kaloor");

/** A desk on which a decision takes its item out of the inbox, and another item stays. */
function deskThatDecides(inbox: { ward: object[]; fields: object[]; emergencies: object[] }) {
  const decides = () => {
    desk.answers["view inbox"] = { emergencies: [], ward: [], fields: [after] };
    return { ids: ["x"], as_of: 2, action: null };
  };
  const desk = deskOf({
    status: statusOf(),
    "view inbox": { ...inbox, fields: [...inbox.fields, after] },
    "view bed_board": board,
    history: [],
    act: decides,
    resolve: decides,
  });
  return desk;
}

function drawInbox(desk: ReturnType<typeof deskOf>) {
  draw(
    <>
      <InboxPage />
      <ToastRegion />
    </>,
    { backend: desk.backend },
  );
  return userEvent.setup();
}

/** Goes there with the Tab key as somebody does who has no mouse. */
async function tabTo(user: ReturnType<typeof userEvent.setup>, wanted: HTMLElement) {
  for (let steps = 0; steps < 40 && document.activeElement !== wanted; steps += 1) await user.tab();
  expect(wanted).toHaveFocus();
}

const sent = (desk: ReturnType<typeof deskOf>) =>
  desk.calls.filter(({ command }) => command === "act" || command === "resolve");
/** The open question; a toast has the same role. */
const dialog = () => document.querySelector<HTMLElement>("section[role=alertdialog]");
const next = () => screen.findByRole("article", { name: /Village/ });

for (const [what, { records, ways: offered, said: both = null }] of Object.entries(WARD)) {
  const conflict = { ...decision, what, records, ways: offered, said: both, reasons: [], advisory: false };
  for (const [index, way] of offered.entries()) {
    it(`keys alone: ${what}, ${way.what} of ${way.record}`, async () => {
      const desk = deskThatDecides({ emergencies: [], ward: [conflict], fields: [] });
      const user = drawInbox(desk);
      const article = await screen.findByRole("article", { name: /^(?!.*Village)/ });
      if (way.what === "count") {
        // It is another page's work: the link leads there.
        await tabTo(user, within(article).getByRole("link"));
        expect(within(article).getByRole("link")).toHaveAttribute("href", "/stock/i1");
        return;
      }
      const button = () =>
        [...article.querySelectorAll<HTMLElement>(`[data-way=${way.what}]`)].at(
          offered.filter((each, at) => at < index && each.what === way.what).length,
        ) as HTMLElement;
      await tabTo(user, button());
      await user.keyboard("{Enter}");
      if (REASON.includes(way.what)) {
        await giveUpAndReturn(user, button());
        expect(await screen.findByLabelText("Why it is wrong")).toHaveFocus();
        await user.keyboard("{Enter}");
        expect(await screen.findByText("Say why it is wrong")).toBeVisible();
        expect(sent(desk)).toEqual([]);
        await user.keyboard("a slip of the hand{Enter}");
      }
      if (BED.includes(way.what)) {
        await giveUpAndReturn(user, button());
        expect(await screen.findByRole("combobox")).toHaveFocus();
        await user.keyboard("fem{ArrowDown}{Enter}");
        await tabTo(user, screen.getByRole("button", { name: "Save" }));
        await user.keyboard("{Enter}");
      }
      await waitFor(() => expect(article).not.toBeInTheDocument());
      await waitFor(async () => expect(await next()).toHaveFocus());
      expect(dialog()).toBeNull();
      await forgetToast(user);
      expect(sent(desk)).toHaveLength(1);
      const args = sent(desk)[0]?.args;
      if (both) expect(args?.value).toBe(way.what === "keep_voided" ? "yes" : "no");
      else
        expect(args?.args).toMatchObject({
          what: way.what,
          record: way.record,
          reason: REASON.includes(way.what) ? "a slip of the hand" : null,
          bed: BED.includes(way.what) ? "b4" : null,
        });
    });
  }
}

/** Escape gives the dialog up, and the button that asked has the focus again; Enter asks anew. */
async function giveUpAndReturn(user: ReturnType<typeof userEvent.setup>, button: HTMLElement) {
  await waitFor(() => expect(dialog()).toBeVisible());
  await waitFor(() => expect(document.activeElement?.matches("input")).toBe(true));
  // The first Escape closes an open list.
  if (screen.queryByRole("listbox")) await user.keyboard("{Escape}");
  await user.keyboard("{Escape}");
  await waitFor(() => expect(dialog()).toBeNull());
  await waitFor(() => expect(button).toHaveFocus());
  await user.keyboard("{Enter}");
  await waitFor(() => expect(dialog()).toBeVisible());
}

it("every contradiction and every way out of one that has words is gone through by keys", () => {
  const worded = (start: string) =>
    Object.keys(texts)
      .filter((key) => key.startsWith(start))
      .map((key) => key.slice(start.length).split(".")[0]);
  expect(new Set(worded("inbox.what."))).toEqual(new Set([...Object.keys(WARD), "field"]));
  const offered = Object.values(WARD).flatMap((each) => each.ways.map(({ what }) => what));
  expect(new Set(offered)).toEqual(new Set([...worded("inbox.way."), "count"]));
});

it("keys alone: a value is kept, and the focus goes on to the next decision", async () => {
  const desk = deskThatDecides({
    emergencies: [],
    ward: [],
    fields: [field("patient", "phone", "111", "222")],
  });
  const user = drawInbox(desk);
  await tabTo(user, await screen.findByRole("button", { name: "Keep this: 222" }));
  await user.keyboard("{Enter}");
  await waitFor(async () => expect(await next()).toHaveFocus());
  await forgetToast(user);
  expect(sent(desk).map(({ args }) => args.value)).toEqual(["222"]);
});

/** Another value for a field of every shape: what is typed from where the focus stands, and what is sent. */
const THIRD: [string, string, string, unknown][] = [
  ["patient", "phone", "9400000000{Enter}", "9400000000"],
  ["patient", "birth_date", "4/3/1964{Enter}", "1964-03-04"],
  ["patient", "birth_year", "1964{Enter}", 1964],
  ["patient", "blood_group", "{Enter}{ArrowDown}{Enter}", "a_negative"],
  ["patient", "comorbidities", " {Tab} ", ["none", "diabetes"]],
  ["minimum_level", "minimum", "12.5{Enter}", "12.500"],
  ["bed_stay", "bed", "{Enter}{ArrowDown}{Enter}", "b4"],
];
for (const [kind, name, keys, value] of THIRD) {
  it(`keys alone: another value is written for ${kind}.${name}`, async () => {
    const desk = deskThatDecides({ emergencies: [], ward: [], fields: [field(kind, name, null, null)] });
    desk.answers["view records"] = [{ id: "b4", label: "04" }];
    const user = drawInbox(desk);
    const [article] = await screen.findAllByRole("article");
    const write = () => within(article as HTMLElement).getByRole("button", { name: "Write another value" });
    await tabTo(user, write());
    await user.keyboard("{Enter}");
    const save = await screen.findByRole("button", { name: "Save this value" });
    const form = () => screen.getByRole("button", { name: "Save this value" }).closest("form");
    expect(save.closest("form")).toContainElement(document.activeElement as HTMLElement);
    await user.keyboard("{Escape}");
    await waitFor(() => expect(write()).toHaveFocus());
    await user.keyboard("{Enter}");
    await screen.findByRole("button", { name: "Save this value" });
    await user.keyboard(keys);
    if (sent(desk).length === 0) {
      // The focus comes back from a list that closed.
      await waitFor(() => expect(form()).toContainElement(document.activeElement as HTMLElement));
      await tabTo(user, screen.getByRole("button", { name: "Save this value" }));
      await user.keyboard("{Enter}");
    }
    await waitFor(async () => expect(await next()).toHaveFocus());
    await forgetToast(user);
    expect(sent(desk).map(({ args }) => args.value)).toEqual([value]);
  });
}

const likely = {
  ...decision,
  what: "likely_one",
  ...WARD.likely_one,
  said: null,
  reasons: [],
  advisory: false,
};

it("keys alone: after the last decision the focus is on what says that nothing waits", async () => {
  const desk = deskThatDecides({ emergencies: [], ward: [likely], fields: [] });
  desk.answers["view inbox"] = { emergencies: [], ward: [likely], fields: [] };
  desk.answers.act = () => {
    desk.answers["view inbox"] = { emergencies: [], ward: [], fields: [] };
    return { ids: ["x"], as_of: 2, action: null };
  };
  const user = drawInbox(desk);
  await tabTo(user, await screen.findByRole("button", { name: "Two different people" }));
  await user.keyboard("{Enter}");
  const none = await screen.findByText("Nothing waits for a decision");
  await waitFor(() => expect(document.activeElement).toContainElement(none));
  expect(document.activeElement).not.toBe(document.body);
  await forgetToast(user);
});

it("keys alone: what was refused is said, and the focus stays where it was", async () => {
  const desk = deskThatDecides({ emergencies: [], ward: [likely], fields: [] });
  desk.answers.act = new BackendProblem("not_allowed");
  const user = drawInbox(desk);
  const apart = await screen.findByRole("button", { name: "Two different people" });
  await tabTo(user, apart);
  await user.keyboard("{Enter}");
  expect(await screen.findByRole("alert")).toBeVisible();
  await waitFor(() => expect(apart).toHaveFocus());
});

it("who decided is told so although the decision was off the page before everything was asked anew", async () => {
  const desk = deskThatDecides({ emergencies: [], ward: [likely], fields: [] });
  const user = drawInbox(desk);
  await tabTo(user, await screen.findByRole("button", { name: "Two different people" }));
  const late: ((lines: object[]) => void)[] = [];
  desk.answers.history = () => new Promise<object[]>((tell) => late.push(tell));
  await user.keyboard("{Enter}");
  await waitFor(() => expect(screen.queryByText(/registered twice/)).toBeNull());
  expect(screen.queryByText(/^Decided\. /)).toBeNull();
  for (const tell of late) tell([]);
  await forgetToast(user);
});

/** Says that it was decided; what is said in one test stands in no other. */
async function forgetToast(user: ReturnType<typeof userEvent.setup>) {
  expect(await screen.findByText(/^Decided\. /)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Close" }));
  await waitFor(() => expect(screen.queryByText(/^Decided\. /)).toBeNull());
}

const action = {
  change: "c9",
  desk: "ICU-2",
  by: "Anju Thomas",
  written: 0,
  since: 0,
  reason: "revoked",
  count: 1,
  says: [{ kind: "patient", caption: "Kamala Devi", fields: { name: "Kamala Devi" }, refers: {} }],
  decided: null,
};

for (const verdict of ["take_in", "dismiss"]) {
  it(`keys alone: what is kept aside, ${verdict}; it stays until the district answers and has the focus`, async () => {
    const admin = { person: "p9", username: "meera", name: "Meera", role: "facility_admin" };
    const decided = { verdict, by: "Meera", at: 0, refused: null };
    const desk = deskOf({
      status: statusOf({
        who: { ...admin, read_only: false, has_run_out: false, not_after: null, due: null },
      }),
      "view inbox": { emergencies: [], ward: [], fields: [] },
      kept_aside: { actions: [action, { ...action, change: "c10" }], left_out: 0 },
      decide_aside: () => {
        desk.answers.kept_aside = {
          actions: [
            { ...action, decided },
            { ...action, change: "c10" },
          ],
          left_out: 0,
        };
        return null;
      },
    });
    const user = drawInbox(desk);
    const [first, second] = await screen.findAllByRole("article");
    const press = { take_in: "Take in as written", dismiss: "Dismiss…" }[verdict] ?? "";
    const button = within(first as HTMLElement).getByRole("button", { name: press });
    await tabTo(user, button);
    await user.keyboard("{Enter}");
    if (verdict === "dismiss") {
      await giveUpAndReturn(user, button);
      await user.keyboard("on paper{Enter}");
    }
    await waitFor(() => expect(first).toHaveFocus());
    await forgetToast(user);
    expect(desk.calls.find(({ command }) => command === "decide_aside")?.args.verdict).toBe(verdict);
    desk.answers.kept_aside = { actions: [{ ...action, change: "c10" }], left_out: 0 };
    desk.changed([]);
    await waitFor(() => expect(second).toHaveFocus());
  });
}
