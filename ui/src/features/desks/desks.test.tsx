import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { BackendProblem } from "../../backend";
import type { DeskShown, DesksShown, OrderShown } from "../../generated/wire";
import { deskOf, draw, statusOf } from "../../testing/draw";
import { DesksPage } from "./DesksPage";
import { ACTS, inTheirPlaces } from "./standing";

const admin = { person: "p2", username: "meera", name: "Meera Nair", role: "facility_admin" };
const rights = { read_only: false, has_run_out: false, not_after: null, due: null };
const asAdmin = statusOf({ who: { ...admin, ...rights } });
const asDistrict = statusOf({ who: { ...admin, ...rights, role: "district_admin" } });

const WARD: DeskShown = {
  desk: "d1",
  name: "Ward 3",
  facility: "f1",
  facility_name: "General Hospital",
  words: ["amber", "kettle", "monsoon", "river", "tailor"],
  state: "active",
  is_here: false,
  joined: 0,
  contact: Date.now() - 7_200_000,
  version: "0.1.0",
  unsent: 4,
  holds: [
    { is_district: true, upto: 10, behind: 0 },
    { is_district: false, upto: 90, behind: 26 },
  ],
  in_place_of: null,
  replaced: null,
  forked: null,
  order: null,
};
const ORDER: OrderShown = { number: 1, is_now: false, ordered: 0, heard: null, receipt: null };

const told = (...desks: DeskShown[]): DesksShown => ({ desks, left_out: 0, heard: Date.now() });

function deskWith(now: unknown, heard: unknown = null, status = asAdmin) {
  return deskOf({
    status,
    ask_desks: now,
    desks_heard: heard,
    act_on_desk: now,
    "view records": [
      { id: "f1", name: "General Hospital" },
      { id: "f2", name: "Taluk Hospital" },
    ],
  });
}

const open = async (name: string) => userEvent.click(await screen.findByRole("button", { name }));

it("shows of each computer what it told last, and what it misses", async () => {
  const here = { ...WARD, desk: "d2", name: "Office", is_here: true, unsent: 0, holds: [] };
  draw(<DesksPage />, { backend: deskWith(told(WARD, here)).backend });
  const [, line, own] = await screen.findAllByRole("row");
  for (const words of ["Ward 3", "Active", "2 h ago", "0.1.0", "4", "26 changes behind"]) {
    expect(line).toHaveTextContent(words);
  }
  expect(own).toHaveTextContent("This computer");
  await open("Ward 3");
  const dialog = await screen.findByRole("dialog", { name: "Ward 3" });
  within(dialog).getByText("amber · kettle · monsoon · river · tailor");
  within(dialog).getByText("Of its facility: 90 of 116 changes");
});

it("a computer is withdrawn after a question, and is asked for anew", async () => {
  const desk = deskWith(told(WARD));
  draw(<DesksPage />, { backend: desk.backend });
  await open("Ward 3");
  await open("Withdraw");
  const question = await screen.findByRole("alertdialog", { name: "Withdraw Ward 3" });
  desk.answers.ask_desks = told({ ...WARD, state: "to_withdraw", order: ORDER });
  await userEvent.click(within(question).getByRole("button", { name: "Withdraw" }));
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  expect(desk.calls).toContainEqual({ command: "act_on_desk", args: { other: "d1", act: "withdraw" } });
  const dialog = await screen.findByRole("dialog", { name: "Ward 3" });
  within(dialog).getByText("To be withdrawn");
  within(dialog).getByText(/Not yet: it is switched off/);
});

it("what destroys says what is lost, and asks for the name typed", async () => {
  const desk = deskWith(told(WARD));
  draw(<DesksPage />, { backend: desk.backend });
  await open("Ward 3");
  await open("Empty at once");
  const question = await screen.findByRole("alertdialog", { name: "Empty Ward 3 at once" });
  within(question).getByText("4 changes are lost that it had not sent when it was heard last, 2 h ago");
  const send = within(question).getByRole("button", { name: "Empty at once" });
  const field = within(question).getByRole("textbox");
  for (const typed of ["", "ward", "Ward 4"]) {
    await userEvent.clear(field);
    if (typed) await userEvent.type(field, typed);
    await userEvent.click(send);
    expect(field).toBeInvalid();
  }
  expect(desk.calls.some(({ command }) => command === "act_on_desk")).toBe(false);
  await userEvent.clear(field);
  await userEvent.type(field, "Ward 3");
  await userEvent.click(send);
  await waitFor(() =>
    expect(desk.calls).toContainEqual({ command: "act_on_desk", args: { other: "d1", act: "empty" } }),
  );
});

it("the district asks who is there, and then does what was wanted", async () => {
  const desk = deskWith(told(WARD));
  let isKnown = false;
  desk.answers.act_on_desk = () => (isKnown ? told(WARD) : new BackendProblem("session_ended"));
  desk.answers.confirm_password = () => {
    isKnown = true;
    return null;
  };
  draw(<DesksPage />, { backend: desk.backend });
  await open("Ward 3");
  await open("Lock out");
  const question = await screen.findByRole("alertdialog", { name: "Lock Ward 3 out" });
  await userEvent.click(within(question).getByRole("button", { name: "Lock out" }));
  await userEvent.type(await within(question).findByLabelText("Your password"), "river lamp stone{Enter}");
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  expect(desk.calls.filter(({ command }) => command === "act_on_desk")).toHaveLength(2);
});

it("a receipt is shown with its time and whether the computer signed it", async () => {
  const receipt = { at: 1_790_000_000_000, is_signed: true, unsent: 3 };
  const done = { ...WARD, state: "withdrawn" as const, order: { ...ORDER, is_now: true, receipt } };
  const forged = {
    ...done,
    desk: "d2",
    name: "Office",
    order: { ...ORDER, receipt: { ...receipt, is_signed: false, unsent: null } },
  };
  draw(<DesksPage />, { backend: deskWith(told(done, forged)).backend });
  await open("Ward 3");
  const dialog = await screen.findByRole("dialog", { name: "Ward 3" });
  within(dialog).getByText("Right: by the key of this computer");
  within(dialog).getByText("3 changes");
  within(dialog).getByText("Nothing any more");
  expect(within(dialog).queryByRole("button", { name: "Empty at once" })).toBeNull();
  await userEvent.keyboard("{Escape}");
  expect(screen.getByText("Its receipt is not its own")).toBeVisible();
  await open("Office");
  const other = await screen.findByRole("dialog", { name: "Office" });
  within(other).getByText("Not by the key of this computer: do not believe it");
});

it("without the network shows what was told last with its age, and says that acts need the district", async () => {
  const heard = { ...told(WARD), heard: Date.now() - 3 * 86_400_000 };
  const desk = deskWith(new BackendProblem("network_needed"), heard);
  draw(<DesksPage />, { backend: desk.backend });
  await screen.findByText("The district does not answer");
  await screen.findByText(/the district has to be reached/);
  await screen.findByText(/As the district told at .* \(3 d ago\)/);
  await open("Ward 3");
  await open("Withdraw");
  const question = await screen.findByRole("alertdialog");
  await userEvent.click(within(question).getByRole("button", { name: "Withdraw" }));
  await within(question).findByText("This needs the network");
  expect(screen.getByRole("alertdialog")).toBeVisible();
});

it("whoever came in without the network types the password, and sees the computers", async () => {
  const desk = deskWith(new BackendProblem("session_ended"));
  desk.answers.confirm_password = () => {
    desk.answers.ask_desks = told(WARD);
    return null;
  };
  draw(<DesksPage />, { backend: desk.backend });
  await userEvent.type(await screen.findByLabelText("Your password"), "river lamp stone{Enter}");
  await screen.findByRole("button", { name: "Ward 3" });
  expect(screen.queryByLabelText("Your password")).toBeNull();
});

it("a code is shown once, and a facility's admin invites into their own alone", async () => {
  const invited = {
    join: "https://d.example#ABCD",
    address: "https://d.example",
    code: "ABCD-EFGH",
    words: ["amber", "kettle", "monsoon", "river", "tailor"],
    facility_name: "General Hospital",
    expires: 1_790_000_000_000,
  };
  for (const [status, mayChoose] of [
    [asAdmin, false],
    [asDistrict, true],
  ] as const) {
    const desk = deskWith(told(WARD), null, status);
    desk.answers.invite_desk = invited;
    const drawn = draw(<DesksPage />, { backend: desk.backend });
    await open("Invite a computer");
    const dialog = await screen.findByRole("dialog", { name: "Invite a computer" });
    expect(within(dialog).queryByText("Facility") !== null).toBe(mayChoose);
    await userEvent.type(within(dialog).getByLabelText("Computer"), "Ward 4{Enter}");
    await within(dialog).findByText("ABCD-EFGH");
    expect(desk.calls).toContainEqual({
      command: "invite_desk",
      args: { facility: "f1", name: "Ward 4" },
    });
    await userEvent.click(within(dialog).getByRole("button", { name: "I have it" }));
    await waitFor(() => expect(screen.queryByText("ABCD-EFGH")).toBeNull());
    drawn.unmount();
  }
});

it("a desk that stands alone has no others, and asks nobody", async () => {
  const desk = deskWith(told(WARD), null, { ...asAdmin, server: null });
  draw(<DesksPage />, { backend: desk.backend });
  await screen.findByText("This computer stands alone");
  expect(screen.queryByRole("button", { name: "Invite a computer" })).toBeNull();
});

it("what asks for somebody comes first, and what is over can become nothing more", () => {
  const states = ["withdrawn", "active", "forked", "replaced", "still_about"] as const;
  const desks = states.map((state) => ({ ...WARD, state }));
  expect(inTheirPlaces(desks).map(({ state }) => state)).toEqual([
    "still_about",
    "forked",
    "active",
    "replaced",
    "withdrawn",
  ]);
  expect(ACTS.withdrawn).toEqual([]);
  expect(ACTS.still_about).toEqual(["empty"]);
});
