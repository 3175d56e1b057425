import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import type { ConsentShown, EncounterShown, PatientPage as Page, PatientLine } from "../../generated/wire";
import { deskOf, draw, statusOf } from "../../testing/draw";
import { PatientBanner } from "./PatientBanner";
import { PatientPage } from "./PatientPage";

vi.mock("@tanstack/react-router", () => ({
  useNavigate: () => () => undefined,
  useHref: (to: string) => to,
  useParams: () => ({ id: "019a1e36-5ad4-74c3-bd79-b234a568d913" }),
  useLocation: () => ({ searchStr: "" }),
}));

const PATIENT = "019a1e36-5ad4-74c3-bd79-b234a568d913";
const LINE = {
  patient: PATIENT,
  name: "Lakshmi Nair",
  sex: "female",
  age_years: 62,
  identifier: "IP 1234",
  encounter: "e1",
  ward: "ICU-2",
  bed: "07",
  bed_id: "b7",
  isolation: false,
} as unknown as PatientLine;
const ENCOUNTER = {
  id: "e1",
  fields: { id: "e1", patient: PATIENT, category: "moderate", treating_doctor: "d1" },
  admitted_at: 0,
  discharged_at: null,
  stays: [{ id: "s1", bed: "b7", bed_label: "07", ward_name: "ICU-2", from: 0, to: null }],
  rounds: [],
} as unknown as EncounterShown;
const PAGE = {
  line: LINE,
  fields: { id: PATIENT, name: "Lakshmi Nair" },
  allergy_status: "known",
  allergies: "penicillin: anaphylaxis",
  birth_date: "1964-03-04",
  in_conflict: [],
  unsettled: [],
  registrations: [],
  differing: [],
  encounters: [ENCOUNTER],
  consents: [],
  timeline: [],
  voided: false,
} as unknown as Page;

function banner(part: Partial<Page>): string {
  const { container, unmount } = draw(<PatientBanner page={{ ...PAGE, ...part }} />);
  const text = container.textContent ?? "";
  unmount();
  return text;
}

it("the banner says who this is, in the house's order, with the allergies", () => {
  expect(banner({})).toBe(
    "Lakshmi NairFemale · 62 y (b. 04-Mar-1964) · ID IP 1234 · ICU-2 bed 07Known allergies: penicillin: anaphylaxis",
  );
});

it("what nobody recorded is said, not left out", () => {
  const line = { ...LINE, sex: null, age_years: null, identifier: null, encounter: null, bed: null };
  const text = banner({ line, allergy_status: null, birth_date: null, encounters: [] });
  expect(text).toBe(
    "Lakshmi NairSex not recorded · Age not recorded · ID A568D913 · Not admittedAllergies not recorded",
  );
});

it("a year of birth is told as a guess, and the hospital's number stands in for the encounter's", () => {
  const line = { ...LINE, identifier: null, bed: null };
  const fields = { ...PAGE.fields, birth_year: 1964, hospital_number: "GH 77" };
  const text = banner({ line, fields, birth_date: null, allergy_status: "none" });
  expect(text).toContain("62 y (b. about 1964) · ID GH 77 · No bed yet");
  expect(text).toContain("No known allergies (confirmed)");
});

it("who has died is told by a word and its time", () => {
  const died = { ...ENCOUNTER, fields: { discharge_reason: "expired", died_at: Date.parse("2026-11-20") } };
  expect(banner({ encounters: [died] })).toContain("Deceased 20-Nov-2026");
});

function drawPage(part: Partial<Page> = {}) {
  const desk = deskOf({
    status: statusOf(),
    "view patient": { ...PAGE, ...part },
    "view record": { fields: { name: "Dr Rema" }, in_conflict: [], voided: false },
    "view records": [],
    draft: null,
    put_draft: null,
    forget_draft: null,
    act: { ids: ["k1"], as_of: 2, action: "a1" },
    save: { ids: ["e1"], as_of: 2, action: null },
    history: ({ kind }: Record<string, unknown>) => [
      {
        change: `c-${String(kind)}`,
        at: 0,
        by: "Anju",
        desk: "ICU desk",
        fields: kind === "encounter" ? { patient: PATIENT, category: "moderate" } : {},
        received: true,
        parked: false,
        partial: kind === "encounter",
      },
    ],
  });
  draw(<PatientPage />, { backend: desk.backend });
  return desk;
}

it("an admission can be edited afterwards, and only what was changed is saved", async () => {
  const desk = drawPage();
  const [edit] = await screen.findAllByRole("button", { name: "Edit admission" });
  if (edit) await userEvent.click(edit);
  const dialog = await screen.findByRole("dialog", { name: "Edit admission · Lakshmi Nair" });
  expect(within(dialog).queryByLabelText(/Discharge/)).toBeNull();
  await userEvent.type(within(dialog).getByLabelText(/^Treatment plan/), "prone");
  await userEvent.click(within(dialog).getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  const saved = desk.calls.find(({ command }) => command === "save");
  expect(saved?.args.drafts).toEqual([{ kind: "encounter", id: "e1", fields: { treatment_plan: "prone" } }]);
});

it("the summary says of an admission what nobody has recorded, and names the doctor", async () => {
  drawPage();
  await screen.findByText("Dr Rema");
  const plan = screen.getByText("Treatment plan");
  expect(plan.nextElementSibling).toHaveTextContent("Not recorded");
});

it("the history holds the encounter and its stays too, not only the patient", async () => {
  const desk = drawPage();
  await userEvent.click(await screen.findByRole("tab", { name: "History" }));
  const table = await screen.findByRole("table");
  expect(within(table).getByText("Bed stay")).toBeVisible();
  expect(table).toHaveTextContent(/Category: Moderate.*\(what still stood then\)/);
  expect(screen.getByText(/Earlier values are on the server/)).toBeVisible();
  const asked = desk.calls.filter(({ command }) => command === "history").map(({ args }) => args.kind);
  expect(asked).toEqual(["patient", "encounter", "bed_stay"]);
});

const CONSENT: ConsentShown = {
  id: "k1",
  fields: { id: "k1", purpose: "photograph", given_by: "spouse", giver_name: "Suresh", how: "signed" },
  given_at: 0,
  withdrawn_at: null,
  stands: true,
};

it("what nobody was asked is said with a way to write it down, and a consent is given in one action", async () => {
  const desk = drawPage();
  await userEvent.click(await screen.findByRole("tab", { name: /^Consents/ }));
  expect(screen.getByText("Nothing agreed to besides treatment")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Write down a consent…" }));
  const dialog = await screen.findByRole("dialog", { name: /consent/ });
  await userEvent.click(within(dialog).getByLabelText(/What for/));
  await userEvent.click(await screen.findByRole("option", { name: "Research" }));
  await userEvent.click(within(dialog).getByRole("button", { name: "Write it down" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  const acted = desk.calls.find(({ command }) => command === "act");
  const fields = { purpose: "research", given_by: "patient", how: "spoken" };
  expect(acted?.args).toMatchObject({ name: "give_consent", args: { patient: PATIENT, at: null, fields } });
});

it("a consent that stands is withdrawn from its row, and one that was withdrawn says when and stays", async () => {
  const withdrawn = { ...CONSENT, id: "k2", withdrawn_at: Date.parse("2026-11-20"), stands: false };
  const desk = drawPage({ consents: [CONSENT, withdrawn] });
  await userEvent.click(await screen.findByRole("tab", { name: /^Consents/ }));
  expect(screen.getByText("Withdrawn").closest("td")).toHaveTextContent("20-Nov-2026");
  await userEvent.click(screen.getByRole("button", { name: "Withdraw: Photographs or film" }));
  const dialog = await screen.findByRole("dialog");
  await userEvent.click(within(dialog).getByRole("button", { name: "Withdraw it" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  const acted = desk.calls.find(({ command }) => command === "act");
  expect(acted?.args).toMatchObject({
    name: "withdraw_consent",
    args: { consent: "k1", by: "patient", at: null },
  });
  const asked = desk.calls.filter(({ command }) => command === "history").map(({ args }) => args.kind);
  expect(asked).not.toContain("consent");
  await userEvent.click(screen.getByRole("tab", { name: "History" }));
  await waitFor(() => expect(desk.calls.filter(({ args }) => args.kind === "consent")).toHaveLength(2));
});

it("what was written at a discharge, and of a consent, can be corrected afterwards", async () => {
  const over = {
    ...ENCOUNTER,
    discharged_at: 5,
    fields: { ...ENCOUNTER.fields, discharge_notes: "went home" },
  };
  const desk = drawPage({ encounters: [over], line: { ...LINE, encounter: null }, consents: [CONSENT] });
  await userEvent.click(await screen.findByRole("tab", { name: /^Encounters/ }));
  await userEvent.click(screen.getByRole("button", { name: "Edit admission" }));
  const notes = await screen.findByLabelText(/^Discharge notes/);
  await userEvent.type(notes, " by bus");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await userEvent.click(screen.getByRole("tab", { name: /^Consents/ }));
  await userEvent.click(screen.getByRole("button", { name: "Correct: Photographs or film" }));
  await userEvent.type(await screen.findByLabelText(/^Name of who gave it/), " N");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  const saved = desk.calls.filter(({ command }) => command === "save").map(({ args }) => args.drafts);
  expect(saved).toEqual([
    [{ kind: "encounter", id: "e1", fields: { discharge_notes: "went home by bus" } }],
    [{ kind: "consent", id: "k1", fields: { giver_name: "Suresh N" } }],
  ]);
});
