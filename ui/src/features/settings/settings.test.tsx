import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { BackendProblem } from "../../backend";
import { deskOf, draw, statusOf } from "../../testing/draw";
import { diagnosticsOf } from "./diagnostics";
import { SettingsPage } from "./SettingsPage";

const admin = { person: "p2", username: "meera", name: "Meera Nair", role: "facility_admin" };
const asAdmin = statusOf({
  who: { ...admin, read_only: false, has_run_out: false, not_after: null, due: null },
});
const records: Record<string, unknown[]> = {
  person: [
    { id: "p1", name: "Anju Thomas", username: "anju", role: "nurse", facility: "f1", active: "yes" },
    { id: "p9", name: "Of Another House", username: "other", role: "nurse", facility: "f2" },
  ],
  ward: [{ id: "w1", name: "ICU-2", ward_kind: "icu", facility: "f1" }],
  bed: [
    { id: "b2", label: "Bed 10", bed_type: "icu", ward: "w1" },
    { id: "b1", label: "Bed 2", bed_type: "icu", ward: "w1" },
  ],
};

function deskWith(save: (args: Record<string, unknown>) => unknown, status = asAdmin) {
  return deskOf({
    status,
    "view record": { fields: { name: "General Hospital" }, in_conflict: [], voided: false },
    "view records": (args: Record<string, unknown>) => records[String(args.kind)] ?? [],
    sync_page: new BackendProblem("database_failed"),
    save,
    draft: null,
    put_draft: null,
    forget_draft: null,
  });
}

it("shows the facility's own people, and only to read for a nurse", async () => {
  draw(<SettingsPage />, { backend: deskWith(() => null, statusOf()).backend });
  await screen.findByText("Anju Thomas");
  expect(screen.queryByText("Of Another House")).toBeNull();
  expect(screen.queryByRole("button", { name: "Anju Thomas" })).toBeNull();
});

it("an admin lets in again who is suspended at this computer, and nobody else does", async () => {
  const suspended = ["p1"];
  const desk = deskWith(() => null, { ...asAdmin, suspended });
  draw(<SettingsPage />, { backend: desk.backend });
  await screen.findByText(/Anju Thomas is suspended on this computer/);
  await userEvent.click(screen.getByRole("button", { name: "Let in again" }));
  expect(desk.calls).toContainEqual({ command: "let_in_again", args: { person: "p1" } });
});

it("a person changes their password, and is told what the desk thinks of the new one", async () => {
  const desk = deskWith(() => null);
  Object.assign(desk.answers, {
    password_strength: ({ password }: Record<string, unknown>) =>
      password === "seven boats on the water" ? "good" : "guessable",
    change_password: ({ password }: Record<string, unknown>) =>
      password === "the old one" ? null : new BackendProblem("wrong_password"),
  });
  draw(<SettingsPage />, { backend: desk.backend });
  await userEvent.click(await screen.findByRole("tab", { name: "You" }));
  await userEvent.click(screen.getByRole("button", { name: "Change my password" }));
  const dialog = await screen.findByRole("dialog", { name: "Change my password" });
  const type = async (label: string, text: string) => {
    await userEvent.clear(within(dialog).getByLabelText(label));
    await userEvent.type(within(dialog).getByLabelText(label), text);
  };
  await type("Present password", "not this");
  await type("New password", "password99");
  await within(dialog).findByText(/among the first that are tried/);
  await userEvent.click(within(dialog).getByRole("button", { name: "Change the password" }));
  expect(within(dialog).getByLabelText("New password")).toBeInvalid();
  expect(within(dialog).getByLabelText("The password again")).toBeInvalid();
  await type("New password", "seven boats on the water");
  await within(dialog).findByText("Good");
  await type("The password again", "seven boats on the water");
  await userEvent.click(within(dialog).getByRole("button", { name: "Change the password" }));
  await within(dialog).findByText("This password does not open");
  await type("Present password", "the old one{Enter}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(desk.calls.filter(({ command }) => command === "change_password").at(-1)?.args).toEqual({
    password: "the old one",
    new_password: "seven boats on the water",
  });
});

it("an admin gives a password, is asked who they are when the district does not know, and sees it once", async () => {
  const desk = deskWith(() => null);
  let isKnown = false;
  Object.assign(desk.answers, {
    give_password: () =>
      isKnown
        ? { username: "anju", password: "7k2m-9qxt-4hwd-p0ns", not_after: 1_790_259_200_000 }
        : new BackendProblem("session_ended"),
    confirm_password: ({ password }: Record<string, unknown>) => {
      isKnown = password === "river lamp stone";
      return isKnown ? null : new BackendProblem("wrong_password");
    },
  });
  draw(<SettingsPage />, { backend: desk.backend });
  await userEvent.click(await screen.findByRole("button", { name: "Anju Thomas" }));
  await userEvent.click(await screen.findByRole("button", { name: "Give a password" }));
  const dialog = await screen.findByRole("dialog", { name: "A password for Anju Thomas" });
  await userEvent.click(within(dialog).getByRole("button", { name: "Give a password" }));
  const field = await within(dialog).findByLabelText("Your password");
  await userEvent.type(field, "wrong{Enter}");
  await within(dialog).findByText("This password does not open");
  await userEvent.type(field, "river lamp stone{Enter}");
  await within(dialog).findByText("7k2m-9qxt-4hwd-p0ns");
  expect(desk.calls.filter(({ command }) => command === "give_password")).toHaveLength(2);
  await userEvent.click(within(dialog).getByRole("button", { name: "I have passed it on" }));
  await waitFor(() => expect(screen.queryByText("7k2m-9qxt-4hwd-p0ns")).toBeNull());
});

it("nobody gives a password to themselves, nor where no district makes one", async () => {
  const meera = { ...admin, facility: "f1", id: "p2", active: "yes" };
  records.person?.push(meera);
  for (const [name, status] of [
    ["Meera Nair", asAdmin],
    ["Anju Thomas", { ...asAdmin, server: null }],
  ] as const) {
    const drawn = draw(<SettingsPage />, { backend: deskWith(() => null, status).backend });
    await userEvent.click(await screen.findByRole("button", { name }));
    await screen.findByRole("dialog", { name });
    expect(screen.queryByRole("button", { name: "Give a password" })).toBeNull();
    drawn.unmount();
  }
  records.person?.pop();
});

it("an admin makes a recovery sheet, and it counts once a group was typed from the paper", async () => {
  const recovery = { number: 1, made: 0, made_by: "p1", used: null };
  const desk = deskWith(() => null, { ...asAdmin, recovery });
  const groups = ["AAAA1", "BBBB2", "CCCC3", "DDDD4", "EEEE5", "FFFF6", "GGGG7"];
  Object.assign(desk.answers, {
    begin_sheet: { number: 2, groups, path: "/run/sheet.pdf", asked: 3 },
    open_sheet: null,
    drop_sheet: null,
    keep_sheet: ({ group }: Record<string, unknown>) =>
      group === "CCCC3" ? null : new BackendProblem("sheet_group_wrong"),
  });
  draw(<SettingsPage />, { backend: desk.backend });
  await userEvent.click(await screen.findByRole("tab", { name: "This computer" }));
  await screen.findByText(/Sheet 1 counts, made .* by Anju Thomas/);
  await userEvent.click(screen.getByRole("button", { name: "Make a recovery sheet" }));
  const dialog = await screen.findByRole("dialog", { name: "Make a recovery sheet" });
  await within(dialog).findByText("GGGG7");
  await userEvent.click(within(dialog).getByRole("button", { name: "Open it for printing" }));
  const typed = within(dialog).getByLabelText("Group 3, from the paper");
  await userEvent.type(typed, "AAAA1{Enter}");
  await within(dialog).findByText("This is not what stands on the sheet");
  await userEvent.clear(typed);
  await userEvent.type(typed, "CCCC3");
  await userEvent.click(within(dialog).getByRole("button", { name: "The sheet is printed" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(desk.calls.filter(({ command }) => command === "begin_sheet")).toHaveLength(1);
  expect(desk.calls.map(({ command }) => command)).toContain("open_sheet");
});

it("a sheet that is not wanted is thrown away, and a nurse makes none", async () => {
  const desk = deskWith(() => null);
  Object.assign(desk.answers, {
    begin_sheet: { number: 1, groups: ["AAAA1"], path: "/run/sheet.pdf", asked: 1 },
    drop_sheet: null,
  });
  const { unmount } = draw(<SettingsPage />, { backend: desk.backend });
  await userEvent.click(await screen.findByRole("tab", { name: "This computer" }));
  await screen.findByText("There is no recovery sheet of this computer");
  await userEvent.click(screen.getByRole("button", { name: "Make a recovery sheet" }));
  await screen.findByText("AAAA1");
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(desk.calls.map(({ command }) => command)).toContain("drop_sheet"));
  unmount();
  draw(<SettingsPage />, { backend: deskWith(() => null, statusOf()).backend });
  await userEvent.click(await screen.findByRole("tab", { name: "This computer" }));
  await screen.findByText("Recovery sheet");
  expect(screen.queryByRole("button", { name: "Make a recovery sheet" })).toBeNull();
});

it("an admin gives the records a new key when asked twice, and a nurse is not offered it", async () => {
  const desk = deskWith(() => null);
  Object.assign(desk.answers, { rekey: null });
  const { unmount } = draw(<SettingsPage />, { backend: desk.backend });
  await userEvent.click(await screen.findByRole("tab", { name: "This computer" }));
  await userEvent.click(await screen.findByRole("button", { name: "Give the records a new key" }));
  const asked = await screen.findByRole("alertdialog");
  expect(desk.calls.map(({ command }) => command)).not.toContain("rekey");
  await userEvent.click(within(asked).getByRole("button", { name: "Give the records a new key" }));
  await waitFor(() => expect(desk.calls.map(({ command }) => command)).toContain("rekey"));
  unmount();
  draw(<SettingsPage />, { backend: deskWith(() => null, statusOf()).backend });
  await userEvent.click(await screen.findByRole("tab", { name: "This computer" }));
  await screen.findByText("Recovery sheet");
  expect(screen.queryByRole("button", { name: "Give the records a new key" })).toBeNull();
});

it("a nurse lets nobody in again", async () => {
  draw(<SettingsPage />, { backend: deskWith(() => null, statusOf({ suspended: ["p1"] })).backend });
  await screen.findByRole("table", { name: "People" });
  expect(screen.queryByRole("button", { name: "Let in again" })).toBeNull();
});

it("beds stand in the order people count, and a change saves only the changed field", async () => {
  const desk = deskWith(() => ({ ids: ["b1"], as_of: 2 }));
  draw(<SettingsPage />, { backend: desk.backend });
  await userEvent.click(await screen.findByRole("tab", { name: "Wards and beds" }));
  const beds = await screen.findByRole("table", { name: "Beds" });
  const labels = within(beds)
    .getAllByRole("button")
    .map((button) => button.textContent);
  expect(labels).toEqual(["Bed 2", "Bed 10"]);
  await userEvent.click(screen.getByRole("button", { name: "Bed 2" }));
  const label = await screen.findByRole("textbox", { name: "Label" });
  await userEvent.clear(label);
  await userEvent.type(label, "Bed 02");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(desk.calls.find((call) => call.command === "save")?.args).toEqual({
    drafts: [{ kind: "bed", id: "b1", fields: { label: "Bed 02" } }],
    as_of: 1,
    confirmed: [],
  });
});

it("a problem stands at its field, and an unusual value can be confirmed", async () => {
  const unusual = {
    kind: "ward",
    field: "staffed_beds",
    code: "unusual",
    numbers: { low: "0", high: "200" },
    ask: true,
  };
  const desk = deskWith(({ confirmed }) =>
    (confirmed as string[]).includes("staffed_beds")
      ? { ids: ["w1"], as_of: 2 }
      : new BackendProblem("problems", {}, [unusual]),
  );
  draw(<SettingsPage />, { backend: desk.backend });
  await userEvent.click(await screen.findByRole("tab", { name: "Wards and beds" }));
  await userEvent.click(await screen.findByRole("button", { name: "Edit ward" }));
  await userEvent.type(await screen.findByRole("textbox", { name: /Staffed beds/ }), "900");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findAllByText(/Unusual: mostly from 0 to 200/)).not.toHaveLength(0);
  await userEvent.click(screen.getByRole("checkbox", { name: /Yes, this is right/ }));
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

it("what was typed before a lock comes back, and is forgotten once it is saved", async () => {
  const desk = deskWith(() => ({ ids: ["w1"], as_of: 2 }));
  desk.answers.draft = { typed_at: 0, as_of: 1, changed: { floor: "second" } };
  draw(<SettingsPage />, { backend: desk.backend });
  await userEvent.click(await screen.findByRole("tab", { name: "Wards and beds" }));
  await userEvent.click(await screen.findByRole("button", { name: "Edit ward" }));
  await userEvent.click(await screen.findByRole("button", { name: "Go on" }));
  expect(await screen.findByRole("textbox", { name: /Floor/ })).toHaveValue("second");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() =>
    expect(desk.calls).toContainEqual({ command: "forget_draft", args: { name: "form/ward/w1" } }),
  );
});

it("diagnostics hold codes and counts, and nobody's name", () => {
  const facts = diagnosticsOf(asAdmin, null, "test window");
  expect(facts).toContain("facility_admin");
  expect(facts).toMatch(/people here +1/);
  expect(facts).not.toContain("Meera");
  expect(facts).not.toContain("anju");
});
