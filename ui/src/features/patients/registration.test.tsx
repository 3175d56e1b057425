import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { BackendProblem } from "../../backend";
import { ENTITIES } from "../../generated/entities";
import { deskOf, draw, statusOf } from "../../testing/draw";
import { PATIENT_FIELDS } from "./fields";
import { NewPatientPage } from "./NewPatientPage";

const navigate = vi.fn();
vi.mock("@tanstack/react-router", () => ({
  useNavigate: () => navigate,
  useHref: (to: string) => to,
  useLocation: () => ({ searchStr: "" }),
}));

function drawPage(draft: unknown = null) {
  const desk = deskOf({
    status: statusOf(),
    "view patients": [],
    "view records": [],
    "view likely_same": [],
    draft,
    put_draft: null,
    forget_draft: null,
    save: { ids: ["p9"], as_of: 2, action: null },
  });
  draw(<NewPatientPage />, { backend: desk.backend });
  return desk;
}

it("registration asks every field of a patient, but for the moments and what is of the record itself", () => {
  const asked = ENTITIES.patient.fields.filter(
    ({ name, shape }) => shape.type !== "time" && !["same_as", "voided", "void_reason"].includes(name),
  );
  expect([...PATIENT_FIELDS].sort()).toEqual(asked.map(({ name }) => name).sort());
});

it("an age in years becomes the year of birth", async () => {
  const desk = drawPage();
  const year = new Date().getFullYear() - 67;
  await userEvent.type(await screen.findByLabelText(/^Name(?! in)/), "Kamala");
  await userEvent.type(screen.getByLabelText(/^Age/), "67");
  expect(screen.getByText(`born about ${year}`)).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Register" }));
  await waitFor(() => expect(navigate).toHaveBeenCalled());
  const saved = desk.calls.find(({ command }) => command === "save")?.args.drafts;
  expect(saved).toMatchObject([{ kind: "patient", fields: { name: "Kamala", birth_year: year } }]);
});

it("an age nobody reaches is refused before it is saved", async () => {
  const desk = drawPage();
  await userEvent.type(await screen.findByLabelText(/^Age/), "670");
  await userEvent.click(screen.getByRole("button", { name: "Register" }));
  expect(desk.calls.map(({ command }) => command)).not.toContain("save");
  expect((await screen.findAllByText("Type an age from 0 to 130 years"))[0]).toBeVisible();
});

it("whoever is registered although somebody looks alike is told apart from them", async () => {
  const desk = drawPage();
  const line = { patient: "p4", name: "Kamala", sex: "female", age_years: 67, phone: "9847012345" };
  desk.answers["view likely_same"] = [{ line, reasons: ["same_name"] }];
  desk.answers.act = { ids: ["p9", "t1"], as_of: 2, action: null };
  await userEvent.type(await screen.findByLabelText(/^Name(?! in)/), "Kamala");
  await userEvent.click(await screen.findByRole("button", { name: "A different person: register" }));
  await waitFor(() =>
    expect(navigate).toHaveBeenLastCalledWith(expect.objectContaining({ params: { id: "p9" } })),
  );
  const act = desk.calls.find(({ command }) => command === "act")?.args;
  expect(act).toMatchObject({
    name: "register",
    args: { different_from: ["p4"], fields: { name: "Kamala" } },
  });
  expect(desk.calls.map(({ command }) => command)).not.toContain("save");
});

it("a problem of such a registration stands at its field, and what is unusual can be confirmed", async () => {
  const desk = drawPage();
  const line = { patient: "p4", name: "Kamala", sex: null, age_years: null, phone: null };
  desk.answers["view likely_same"] = [{ line, reasons: ["same_name"] }];
  const problem = { kind: "patient", field: "name", code: "required", numbers: {}, ask: false };
  desk.answers.act = new BackendProblem("problems", {}, [problem]);
  await userEvent.type(await screen.findByLabelText(/^Name(?! in)/), "Kamala");
  await userEvent.click(await screen.findByRole("button", { name: "A different person: register" }));
  expect(await screen.findByRole("link", { name: /^Name/ })).toBeVisible();
});

it("a registration that was left half typed is offered, not mixed into the next patient's", async () => {
  drawPage({ typed_at: Date.now() - 3_600_000, as_of: 1, changed: { name: "Somebody else" } });
  await screen.findByText(/and not saved/);
  await userEvent.click(screen.getByRole("button", { name: "Start anew" }));
  expect(await screen.findByLabelText(/^Name(?! in)/)).toHaveValue("");
});
