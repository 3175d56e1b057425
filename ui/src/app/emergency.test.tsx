import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { BackendProblem } from "../backend";
import type { DeskStatus } from "../generated/wire";
import { deskOf, statusOf } from "../testing/draw";
import { App } from "./App";

const nurse = { person: "p1", username: "anju", name: "Anju Thomas", role: "nurse" };
const RUN_OUT = { ...nurse, read_only: true, has_run_out: true, not_after: 1, due: null };
const facility = { fields: { name: "General Hospital" }, in_conflict: [], voided: false };

/** A desk whose person's right has run out; beginning and ending change how it stands. */
function runOut(part: Partial<DeskStatus> = {}) {
  window.location.hash = "#/settings";
  let now: Partial<DeskStatus> = { who: RUN_OUT, ...part };
  const desk = deskOf({
    status: () => statusOf(now),
    touch: null,
    "view record": facility,
    "view records": [],
    "view patients": [],
    "view find_patients": [],
    begin_emergency: () => {
      now = {
        ...now,
        emergency: { reason: "unconscious", until: Date.now() + 59.5 * 60_000, opened: 0, left: 10 },
      };
      return null;
    },
    end_emergency: () => {
      now = { ...now, emergency: null };
      return null;
    },
  });
  render(<App backend={desk.backend} start={{ language: "en", theme: "light" }} />);
  return desk;
}

it("emergency access is begun with a reason by the keyboard alone, leads to the search and is marked until it ends", async () => {
  const desk = runOut();
  const begin = await screen.findByRole("button", { name: "Emergency access…" });
  begin.focus();
  await userEvent.keyboard("{Enter}");
  const reason = await screen.findByLabelText("Why? At least a few words");
  await waitFor(() => expect(reason).toHaveFocus());
  await userEvent.keyboard("{Enter}");
  await screen.findByText("Type why: what is the matter?");
  expect(desk.calls.some((call) => call.command === "begin_emergency")).toBe(false);
  await userEvent.keyboard("unconscious, allergies?{Enter}");
  desk.changed([]);
  await screen.findByText("60 minutes left", { exact: false });
  expect(desk.calls).toContainEqual({
    command: "begin_emergency",
    args: { reason: "unconscious, allergies?" },
  });
  await waitFor(() => expect(window.location.hash).toBe("#/patients"));
  expect(screen.getByRole("region", { name: "Emergency access" })).toHaveTextContent(
    /unconscious.*no record opened, 10 more can be/,
  );
  expect(screen.queryByRole("button", { name: "Emergency access…" })).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "End it now" }));
  desk.changed([]);
  await waitFor(() => expect(screen.queryByRole("region", { name: "Emergency access" })).toBeNull());
});

it("a refused reason is said in the question, with what was typed kept", async () => {
  const desk = runOut();
  desk.answers.begin_emergency = new BackendProblem("emergency_reason");
  await userEvent.click(await screen.findByRole("button", { name: "Emergency access…" }));
  await userEvent.type(await screen.findByLabelText("Why? At least a few words"), "help{Enter}");
  await screen.findByText("Say why in a few words");
  expect(screen.getByLabelText("Why? At least a few words")).toHaveValue("help");
});

it("it is offered to nobody whose right stands, nor to a role that never saw patients", async () => {
  runOut({ who: { ...RUN_OUT, role: "pharmacist" } });
  await screen.findByText(/Your right to work without the district has run out/);
  expect(screen.queryByRole("button", { name: "Emergency access…" })).toBeNull();
});
