import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import type { PatientLine } from "../../generated/wire";
import { deskOf, draw, statusOf } from "../../testing/draw";
import { PatientsPage } from "./PatientsPage";

const address = vi.hoisted(() => ({ searchStr: "" }));
const navigate = vi.fn();
vi.mock("@tanstack/react-router", () => ({
  useNavigate: () => navigate,
  useHref: (to: string) => to,
  useLocation: () => address,
}));
beforeEach(() => {
  navigate.mockReset();
  address.searchStr = "";
});

const line = (patient: string, name: string) => ({ patient, name }) as unknown as PatientLine;

/** A desk whose answers to what is typed come when the test says so. */
function slowDesk() {
  const waiting = new Map<string, (lines: PatientLine[]) => void>();
  const desk = deskOf({
    status: statusOf(),
    "view patients": [],
    "view find_patients": ({ text }: Record<string, unknown>) =>
      new Promise<PatientLine[]>((answer) => waiting.set(String(text), answer)),
  });
  draw(<PatientsPage />, { backend: desk.backend });
  return async (text: string, lines: PatientLine[]) => {
    await waitFor(() => expect(waiting.has(text)).toBe(true));
    await act(async () => waiting.get(text)?.(lines));
  };
}

it("Enter waits for the answer to what is typed and never opens somebody of an earlier one", async () => {
  const answer = slowDesk();
  await userEvent.type(screen.getByLabelText("Find a patient"), "la");
  await answer("la", [line("p1", "Lalitha")]);
  await userEvent.keyboard("kshmi{Enter}");
  expect(navigate).not.toHaveBeenCalled();
  await answer("lakshmi", [line("p2", "Lakshmi")]);
  await waitFor(() => expect(navigate).toHaveBeenCalled());
  expect(navigate).toHaveBeenCalledExactlyOnceWith({ to: "/patients/$id", params: { id: "p2" } });
});

it("Enter opens nothing when nobody is found, and nothing after typing on", async () => {
  const answer = slowDesk();
  await userEvent.type(screen.getByLabelText("Find a patient"), "la");
  await answer("la", [line("p1", "Lalitha")]);
  await userEvent.keyboard("x{Enter}");
  await answer("lax", []);
  expect(await screen.findByText("Nobody found")).toBeVisible();
  await userEvent.keyboard("{Backspace}k{Enter}");
  await userEvent.keyboard("s");
  await answer("lak", [line("p2", "Lakshmi")]);
  await answer("laks", [line("p2", "Lakshmi")]);
  expect(await screen.findByRole("grid")).toBeVisible();
  expect(navigate).not.toHaveBeenCalled();
});

it("the address says which list is shown, and another one is chosen by the keyboard", async () => {
  address.searchStr = "?which=positive";
  const desk = deskOf({ status: statusOf(), "view patients": [line("p1", "Lalitha")] });
  draw(<PatientsPage />, { backend: desk.backend });
  expect(await screen.findByRole("grid", { name: "Positive" })).toBeVisible();
  const asked = desk.calls.filter(({ args }) => (args as { name?: string } | undefined)?.name === "patients");
  expect(asked.map(({ args }) => args)).toEqual([{ name: "patients", args: { which: "positive" } }]);
  screen.getByRole("button", { name: /Which patients/ }).focus();
  await userEvent.keyboard("{Enter}{ArrowDown}{Enter}");
  const search = { which: "suspected" };
  expect(navigate).toHaveBeenCalledExactlyOnceWith({ to: "/patients", search, replace: true });
});

it("of many who match the first are shown, and the page says so", async () => {
  const answer = slowDesk();
  const many = (count: number) =>
    Array.from({ length: count }, (_, number) => line(`p${number}`, `Lakshmi ${number}`));
  await userEvent.type(screen.getByLabelText("Find a patient"), "la");
  await answer("la", many(50));
  expect(await screen.findByText(/The first 50\. Type more/)).toBeVisible();
  await userEvent.keyboard("k");
  await answer("lak", many(49));
  await waitFor(() => expect(screen.queryByText(/The first 50/)).toBeNull());
});
