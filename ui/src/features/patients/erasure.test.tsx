import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { BackendProblem } from "../../backend";
import type { PatientPage as Page } from "../../generated/wire";
import { deskOf, draw, statusOf } from "../../testing/draw";
import { PatientPage } from "./PatientPage";

const PATIENT = "019a1e36-5ad4-74c3-bd79-b234a568d913";

vi.mock("@tanstack/react-router", () => ({
  useNavigate: () => () => undefined,
  useHref: (to: string) => to,
  useParams: () => ({ id: "019a1e36-5ad4-74c3-bd79-b234a568d913" }),
  useLocation: () => ({ searchStr: "" }),
}));

const PAGE = {
  line: { patient: PATIENT, name: "Lakshmi Nair", encounter: null, isolation: false },
  fields: { id: PATIENT, name: "Lakshmi Nair" },
  in_conflict: [],
  unsettled: [],
  registrations: [],
  differing: [],
  encounters: [],
  consents: [],
  timeline: [],
  voided: false,
  erasure: null,
} as unknown as Page;
const ASKED = { id: "e1", reason: "asked", asked_on: "2026-11-18" };
const SAVED = { ids: ["e1"], as_of: 2, action: null };

function atDeskOf(role: string, answers: Record<string, unknown>) {
  const who = { ...statusOf().who, role } as ReturnType<typeof statusOf>["who"];
  const desk = deskOf({ status: statusOf({ who }), "view patient": PAGE, save: SAVED, ...answers });
  draw(<PatientPage />, { backend: desk.backend });
  return desk;
}

const saved = (desk: ReturnType<typeof deskOf>) =>
  desk.calls.filter(({ command }) => command === "save").map(({ args }) => args.drafts);

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 20, 8), toFake: ["Date"] });
});

it("an admin asks with a reason and the date, and the name typed; nothing is sent before", async () => {
  const desk = atDeskOf("facility_admin", {});
  await userEvent.click(await screen.findByRole("button", { name: "Erase…" }));
  const dialog = within(await screen.findByRole("alertdialog"));
  expect(dialog.getByText(/Nobody can bring them back/)).toBeVisible();
  await userEvent.click(dialog.getByRole("button", { name: "Ask for it" }));
  await userEvent.type(dialog.getByRole("textbox", { name: /Type “?Lakshmi Nair/ }), "Lakshmi Nair");
  await userEvent.click(dialog.getByRole("button", { name: "Ask for it" }));
  expect(dialog.getByText("Choose why")).toBeVisible();
  expect(saved(desk)).toEqual([]);
  await userEvent.click(dialog.getByRole("button", { name: /Why/ }));
  await userEvent.click(await screen.findByRole("option", { name: "The person asked for it" }));
  await userEvent.click(dialog.getByRole("button", { name: "Ask for it" }));
  const fields = { patient: PATIENT, reason: "asked", asked_on: "2026-11-20" };
  await waitFor(() => expect(saved(desk)).toEqual([[{ kind: "erasure", id: null, fields }]]));
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
});

it("a refusal is said with what was chosen kept", async () => {
  const why = { kind: "erasure", field: "patient", code: "erasure_is_in", numbers: {}, asks: false };
  atDeskOf("facility_admin", { save: new BackendProblem("problems", {}, [why as never]) });
  await userEvent.click(await screen.findByRole("button", { name: "Erase…" }));
  const dialog = within(await screen.findByRole("alertdialog"));
  await userEvent.click(dialog.getByRole("button", { name: /Why/ }));
  await userEvent.click(await screen.findByRole("option", { name: /court/ }));
  await userEvent.type(dialog.getByRole("textbox", { name: /Lakshmi Nair/ }), "Lakshmi Nair");
  await userEvent.click(dialog.getByRole("button", { name: "Ask for it" }));
  expect(await dialog.findByText(/This patient is in/)).toBeVisible();
  expect(dialog.getByRole("button", { name: /court/ })).toBeVisible();
});

it("what was asked for is said on the page, and who may ask takes it back", async () => {
  const desk = atDeskOf("facility_admin", { "view patient": { ...PAGE, erasure: ASKED } });
  expect(await screen.findByText("It was asked that this person be erased")).toBeVisible();
  await userEvent.click(await screen.findByRole("button", { name: "Withdraw the request" }));
  expect(screen.queryByRole("button", { name: "Erase…" })).toBeNull();
  const dialog = within(await screen.findByRole("alertdialog"));
  await userEvent.click(dialog.getByRole("button", { name: "Withdraw the request" }));
  const fields = { voided: "yes", void_reason: "Withdrawn" };
  await waitFor(() => expect(saved(desk)).toEqual([[{ kind: "erasure", id: "e1", fields }]]));
});

it("a nurse sees that it waits, and neither asks nor takes back", async () => {
  atDeskOf("nurse", { "view patient": { ...PAGE, erasure: ASKED } });
  expect(await screen.findByText("It was asked that this person be erased")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Withdraw the request" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Erase…" })).toBeNull();
});

it("the page of somebody who was erased says when and at whose request, and nothing else", async () => {
  atDeskOf("nurse", {
    "view patient": new BackendProblem("not_found"),
    "view erased": {
      at: Date.UTC(2026, 10, 20, 7),
      asked_by: "Meera Nair",
      asked_on: "2026-11-18",
      kept_until: null,
    },
  });
  expect(await screen.findByText(/^Erased on 20-Nov-2026/)).toBeVisible();
  expect(screen.getByText(/Asked for by Meera Nair; the request is of 18-Nov-2026/)).toBeVisible();
  expect(screen.queryByRole("tab")).toBeNull();
  expect(screen.queryByRole("button")).toBeNull();
});

it("the page of somebody whose time was over says until when they were kept and when they went", async () => {
  atDeskOf("nurse", {
    "view patient": new BackendProblem("not_found"),
    "view erased": {
      at: Date.UTC(2026, 10, 20, 7),
      asked_by: "",
      asked_on: null,
      kept_until: "2026-09-02",
    },
  });
  expect(await screen.findByText(/^Kept until 02-Sep-2026, taken away on 20-Nov-2026/)).toBeVisible();
  expect(screen.getByText(/The time for which records are kept was over/)).toBeVisible();
  expect(screen.queryByText(/Asked for by/)).toBeNull();
});

it("a record that is not here is not said to be erased", async () => {
  atDeskOf("nurse", {
    "view patient": new BackendProblem("not_found"),
    "view erased": new BackendProblem("not_found"),
  });
  expect(await screen.findByText("This record is not here")).toBeVisible();
});
