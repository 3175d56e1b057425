import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { BackendProblem } from "../../backend";
import type { BedBoard } from "../../generated/wire";
import { type Answers, deskOf, draw, statusOf } from "../../testing/draw";
import { AdmitDialog } from "./AdmitDialog";
import { DischargeDialog } from "./DischargeDialog";
import { SwapDialog } from "./SwapDialog";
import { TransferDialog } from "./TransferDialog";

/** 20-Nov-2026 13:05 in Kochi. */
const NOW = Date.UTC(2026, 10, 20, 7, 35);

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const figures = { total: 1, occupied: 0, held: 0, cleaning: 0, blocked: 0, free: 1, unstaffed: 0 };
const bed = {
  id: "b7",
  label: "Bed 07",
  bed_type: "icu",
  room: null,
  status: "free" as const,
  occupant: null,
  hold: null,
  clash: false,
};
const board: BedBoard = {
  figures,
  wards: [{ id: "w1", name: "ICU-2", floor: null, staffed_beds: null, beds: [bed], figures }],
  waiting: [],
};
const lakshmi = { id: "p1", name: "NAIR, Lakshmi" };
const saved = { ids: [], as_of: 6, action: "a1" };

/** A desk that keeps drafts; `acts` lists what was done. */
function ward(answers: Answers = {}) {
  const drafts: Record<string, unknown> = {};
  const desk = deskOf({
    status: statusOf(),
    "view records": [{ id: "f2", name: "Medical College" }],
    draft: ({ name }: Record<string, unknown>) => drafts[String(name)] ?? null,
    put_draft: ({ name, body }: Record<string, unknown>) => {
      drafts[String(name)] = body;
    },
    forget_draft: ({ name }: Record<string, unknown>) => {
      delete drafts[String(name)];
    },
    act: saved,
    ...answers,
  });
  const acts = () => desk.calls.filter((call) => call.command === "act").map((call) => call.args);
  return { backend: desk.backend, drafts, acts };
}

const onClose = () => undefined;
const admit = <AdmitDialog board={board} as_of={5} patient={lakshmi} bed="b7" onClose={onClose} />;
const discharge = <DischargeDialog as_of={5} encounter="e1" name={lakshmi.name} isInBed onClose={onClose} />;
const press = (name: string) => userEvent.click(screen.getByRole("button", { name }));
const choose = (name: string) => userEvent.click(screen.getByRole("radio", { name }));
const field = (name: string | RegExp) => screen.getByRole("textbox", { name });
const write = async (name: string | RegExp, text: string) => {
  await userEvent.clear(field(name));
  await userEvent.type(field(name), text);
};

it("a movement is now unless somebody says otherwise", async () => {
  const { backend, acts } = ward();
  const transfer = { board, as_of: 5, encounter: "e1", name: lakshmi.name, to: "b7", onClose };
  draw(<TransferDialog {...transfer} isLeaving />, { backend });
  expect(await screen.findByRole("radio", { name: "Now" })).toBeChecked();
  await press("Move");
  await waitFor(() => expect(acts()).toHaveLength(1));
  expect(acts()[0]).toMatchObject({ args: { encounter: "e1", bed: "b7", at: null, clean: true }, as_of: 5 });
});

it("another time is sent by the facility's clock, from a day typed in any of its forms", async () => {
  const { backend, acts } = ward();
  draw(admit, { backend });
  await screen.findByRole("dialog");
  await choose("At another time");
  expect(field("Day")).toHaveValue("20-Nov-2026");
  await write("Day", "-1");
  await write("Time", "2340");
  await press("Admit");
  await waitFor(() => expect(acts()).toHaveLength(1));
  expect(acts()[0]).toMatchObject({ args: { patient: "p1", at: Date.UTC(2026, 10, 19, 18, 10) } });
});

it("a half-typed moment and one still to come are said at their field, and nothing is sent", async () => {
  const { backend, acts } = ward();
  const first = { encounter: "e1", name: "A", place: "ICU-2 01" };
  draw(<SwapDialog {...{ first, second: { ...first, encounter: "e2" }, as_of: 5, onClose }} />, { backend });
  await screen.findByRole("dialog");
  await choose("At another time");
  await press("Swap");
  expect(field("Time")).toHaveAccessibleDescription(/Type the time/);
  expect(screen.getByRole("alert")).toHaveTextContent("When: Type the time");
  await write("Time", "1306");
  expect(field("Time")).toHaveAccessibleDescription(/This lies in the future/);
  await write("Time", "99x");
  await press("Swap");
  expect(field("Time")).toHaveAccessibleDescription(/This is not a time/);
  expect(acts()).toEqual([]);
  await write("Time", "1305");
  await press("Swap");
  await waitFor(() => expect(acts()[0]).toMatchObject({ args: { at: NOW } }));
});

it("what the desk finds wrong with the moment stands where it was typed", async () => {
  const problem = {
    kind: "encounter",
    field: "discharged_at",
    code: "before_start",
    numbers: {},
    ask: false,
  };
  const { backend } = ward({ act: new BackendProblem("problems", {}, [problem]) });
  draw(discharge, { backend });
  await screen.findByRole("dialog");
  await choose("Recovered");
  await choose("At another time");
  await write("Time", "9");
  await press("Discharge");
  expect(await screen.findByRole("alert")).toHaveTextContent("Discharged at: This lies before the beginning");
  expect(field("Time")).toHaveAccessibleDescription(/This lies before the beginning/);
  await userEvent.click(within(screen.getByRole("alert")).getByText(/This lies before/));
  expect(field("Day")).toHaveFocus();
});

it("a death asks when, takes who confirmed it, and is not later than the discharge", async () => {
  const { backend, acts } = ward();
  draw(discharge, { backend });
  await screen.findByRole("dialog");
  await choose("Died");
  await press("Discharge");
  const died = within(screen.getByRole("group", { name: "Died at" }));
  expect(died.getByRole("textbox", { name: "Time" })).toHaveAccessibleDescription(/Type the time/);
  await userEvent.type(died.getByRole("textbox", { name: "Time" }), "1240");
  await write(/Death confirmed by/, "Dr Rao");
  await choose("At another time");
  const left = within(screen.getByRole("group", { name: "Discharged at" }));
  await userEvent.type(left.getByRole("textbox", { name: "Time" }), "1230");
  await press("Discharge");
  expect(died.getByRole("textbox", { name: "Time" })).toHaveAccessibleDescription(/later than the discharge/);
  expect(acts()).toEqual([]);
  await choose("Now");
  await press("Discharge");
  await waitFor(() => expect(acts()).toHaveLength(1));
  const death = { died_at: Date.UTC(2026, 10, 20, 7, 10), death_confirmed_by: "Dr Rao" };
  expect(acts()[0]).toMatchObject({ args: { at: null, fields: { discharge_reason: "expired", ...death } } });
});

it("a referral goes to the list or to a name, and what another reason asked is not sent", async () => {
  const { backend, acts } = ward();
  draw(discharge, { backend });
  await screen.findByRole("dialog");
  await choose("Referred");
  await press("Discharge");
  expect(screen.getByRole("alert")).toHaveTextContent("Choose where to");
  await userEvent.click(screen.getByRole("combobox", { name: "Referred to" }));
  await userEvent.click(await screen.findByRole("option", { name: "Medical College" }));
  await write("Referred to (not listed)", "Mission Hospital");
  expect(screen.getByRole("combobox", { name: "Referred to" })).toHaveValue("");
  await press("Discharge");
  await waitFor(() => expect(acts()).toHaveLength(1));
  expect(acts()[0]).toMatchObject({
    args: { fields: { discharge_reason: "referred", referred_to_name: "Mission Hospital" } },
  });
});

it("what was typed comes back after a lock, and is forgotten once sent or given up", async () => {
  const { backend, drafts, acts } = ward();
  const { unmount } = draw(discharge, { backend });
  await screen.findByRole("dialog");
  await choose("Recovered");
  await write(/Discharge notes/, "walks");
  unmount();
  expect(drafts["move/discharge/e1"]).toEqual({ reason: "recovered", notes: "walks" });
  draw(discharge, { backend });
  expect(await screen.findByText("This is what you typed before and did not save.")).toBeInTheDocument();
  await press("Discharge");
  await waitFor(() => expect(acts()).toHaveLength(1));
  expect(acts()[0]).toMatchObject({ args: { fields: { discharge_notes: "walks" } } });
  await waitFor(() => expect(drafts).toEqual({}));
  await write(/Discharge notes/, "again");
  await press("Cancel");
  await waitFor(() => expect(drafts).toEqual({}));
});

it("the patient picker invites to type, and says that nothing was found only after it looked", async () => {
  const { backend } = ward({
    "view find_patients": ({ text }: Record<string, unknown>) =>
      text === "xy"
        ? []
        : [{ patient: "p1", name: "NAIR, Lakshmi", sex: "female", age_years: 62, encounter: null }],
  });
  draw(<AdmitDialog board={board} as_of={5} bed="b7" onClose={onClose} />, { backend });
  const box = await screen.findByRole("combobox", { name: "Patient" });
  await userEvent.click(box);
  expect(await screen.findByText("Type a name, phone or number")).toBeInTheDocument();
  await userEvent.type(box, "x");
  expect(screen.getByText("Type a name, phone or number")).toBeInTheDocument();
  await userEvent.type(box, "y");
  expect(await screen.findByText("Nothing found")).toBeInTheDocument();
  await userEvent.clear(box);
  await userEvent.type(box, "la");
  await userEvent.click(await screen.findByRole("option", { name: /NAIR, Lakshmi/ }));
  expect(box).toHaveValue("NAIR, Lakshmi");
});

it("a patient who was chosen stands in the picker again", async () => {
  const { backend, drafts, acts } = ward({ "view find_patients": [] });
  drafts["move/admit/b7"] = { who: lakshmi };
  draw(<AdmitDialog board={board} as_of={5} bed="b7" onClose={onClose} />, { backend });
  const box = await screen.findByRole("combobox", { name: "Patient" });
  await waitFor(() => expect(box).toHaveValue("NAIR, Lakshmi"));
  await userEvent.click(screen.getByRole("checkbox", { name: "Isolation" }));
  expect(box).toHaveValue("NAIR, Lakshmi");
  await press("Admit");
  await waitFor(() => expect(acts()[0]).toMatchObject({ args: { patient: "p1", bed: "b7" } }));
});
