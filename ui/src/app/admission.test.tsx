/** From a free bed over the registration to the admission: nothing is typed twice. */
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { deskOf, statusOf } from "../testing/draw";
import { App } from "./App";

const figures = { total: 1, occupied: 0, held: 0, cleaning: 0, blocked: 0, free: 1, unstaffed: 0 };
const bed = {
  id: "b7",
  label: "Bed 07",
  bed_type: "icu",
  room: null,
  status: "free",
  occupant: null,
  hold: null,
  clash: false,
};
const board = {
  figures,
  wards: [{ id: "w1", name: "ICU-2", floor: null, staffed_beds: null, beds: [bed], figures }],
  waiting: [],
};
const line = { patient: "p9", name: "Devi", encounter: null, bed_id: null, sex: null, age_years: null };
const page = {
  line,
  fields: { id: "p9" },
  in_conflict: [],
  unsettled: [],
  registrations: [],
  differing: [],
  encounters: [],
  consents: [],
  timeline: [],
  voided: false,
};

function ward(drafts: Record<string, unknown>) {
  return deskOf({
    status: statusOf(),
    touch: null,
    "view record": { fields: { name: "General Hospital" }, in_conflict: [], voided: false },
    "view records": [],
    "view patients": [],
    "view likely_same": [],
    "view patient": page,
    "view bed_board": board,
    draft: ({ name }: Record<string, unknown>) => drafts[String(name)] ?? null,
    put_draft: null,
    forget_draft: null,
    save: { ids: ["p9"], as_of: 7, action: null },
    act: { ids: ["e9"], as_of: 8, action: null },
  });
}

it("a patient registered from a free bed is admitted to it, with what was typed before", async () => {
  window.location.hash = "#/patients/new?bed=b7";
  const desk = ward({ "move/admit/b7": { fields: { route: "outpatient", number: "IP 12" } } });
  render(<App backend={desk.backend} start={{ language: "en", theme: "light" }} />);
  await userEvent.type(await screen.findByRole("textbox", { name: /^Name(?! in)/ }), "Devi");
  await userEvent.click(screen.getByRole("button", { name: "Register and admit…" }));
  expect(await screen.findByRole("dialog", { name: "Admit a patient" })).toHaveTextContent("Devi");
  expect(screen.getByRole("combobox", { name: /^Bed/ })).toHaveValue("ICU-2 Bed 07");
  expect(screen.getByRole("textbox", { name: /number/ })).toHaveValue("IP 12");
  await userEvent.click(screen.getByRole("button", { name: "Admit" }));
  await waitFor(() => expect(window.location.hash).toBe("#/patients/p9"));
  const sent = desk.calls.find((call) => call.command === "act")?.args;
  expect(sent).toMatchObject({ args: { patient: "p9", bed: "b7", at: null, fields: { number: "IP 12" } } });
  expect(screen.queryByRole("dialog")).toBeNull();
});

it("a patient registered on its own is not admitted anywhere", async () => {
  window.location.hash = "#/patients/new";
  render(<App backend={ward({}).backend} start={{ language: "en", theme: "light" }} />);
  await userEvent.type(await screen.findByRole("textbox", { name: /^Name(?! in)/ }), "Devi");
  await userEvent.click(screen.getByRole("button", { name: "Register" }));
  await waitFor(() => expect(window.location.hash).toBe("#/patients/p9"));
  expect(await screen.findByRole("button", { name: "Admit" })).toBeInTheDocument();
  expect(screen.queryByRole("dialog")).toBeNull();
});
