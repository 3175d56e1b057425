import { act, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { BackendProblem } from "../backend";
import { useView } from "../backend-context";
import { sayDone } from "../components/Toast";
import type { DeskStatus } from "../generated/wire";
import { deskOf, draw, statusOf } from "../testing/draw";
import { App } from "./App";

const facility = { fields: { name: "General Hospital" }, in_conflict: [], voided: false };
const atWork = (part: Partial<DeskStatus> = {}) =>
  deskOf({ status: statusOf(part), touch: null, "view record": facility, "view records": [] }).backend;

beforeEach(() => {
  window.location.hash = "#/settings";
});

it("a signed-in person finds every main part by word, and the language switches without restart", async () => {
  render(<App backend={atWork()} start={{ language: "en", theme: "light" }} />);
  const rail = await screen.findByRole("navigation", { name: "Main parts" });
  expect(rail).toHaveTextContent("War roomBedsPatientsTriageStockInboxSyncSettings");
  await userEvent.click(screen.getByRole("button", { name: "Language" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: /മലയാളം/ }));
  await waitFor(() => expect(document.documentElement.lang).toBe("ml"));
  expect(screen.getByRole("navigation")).toHaveTextContent("കിടക്കകൾ");
});

it("nobody signed in is sent to sign-in", async () => {
  render(
    <App backend={atWork({ phase: "sign_in", who: null })} start={{ language: "en", theme: "light" }} />,
  );
  await waitFor(() => expect(window.location.hash).toBe("#/sign-in"));
});

it("a new computer is sent to the first run", async () => {
  render(
    <App
      backend={atWork({ phase: "first_run", who: null, people: [] })}
      start={{ language: "en", theme: "light" }}
    />,
  );
  await waitFor(() => expect(window.location.hash).toBe("#/first-run"));
});

it("a desk that cannot open says what is safe, and is set up anew only when asked twice", async () => {
  const failure = { code: "device_secret_missing", numbers: {}, problems: [] };
  const desk = deskOf({
    status: statusOf({ phase: "problem", problem: failure, who: null }),
    set_aside: ["ward.db.aside-1", "desk.json.aside-1"],
  });
  render(<App backend={desk.backend} start={{ language: "en", theme: "light" }} />);
  await screen.findByText("The key of this computer is not in its key store");
  await userEvent.click(screen.getByRole("button", { name: "Set up anew" }));
  const asked = await screen.findByRole("alertdialog");
  expect(desk.calls.some((call) => call.command === "set_aside")).toBe(false);
  await userEvent.click(within(asked).getByRole("button", { name: "Set up anew" }));
  await screen.findByText(/Put aside as ward\.db\.aside-1/);
});

it("a desk that lost its key is opened again with its recovery sheet", async () => {
  const failure = { code: "device_secret_missing", numbers: {}, problems: [] };
  const recovery = { number: 3, made: 0, made_by: "p2", used: null };
  const desk = deskOf({
    status: statusOf({ phase: "problem", problem: failure, who: null, recovery }),
    recover: () => new BackendProblem("recovery_code_group", { group: "4" }),
  });
  render(<App backend={desk.backend} start={{ language: "en", theme: "light" }} />);
  await userEvent.type(await screen.findByLabelText("Code of sheet 3"), "abcde 12345{Enter}");
  await screen.findByText("Group 4 of the code is mistyped");
  expect(desk.calls).toContainEqual({ command: "recover", args: { code: "abcde 12345" } });
  desk.answers.recover = null;
  await userEvent.click(screen.getByRole("button", { name: "Open this computer again" }));
  await screen.findByText("This computer has a new key. Sign in as before.");
});

it("a busy database cannot be set aside: closing the other window is enough", async () => {
  const failure = { code: "database_in_use", numbers: {}, problems: [] };
  const { backend } = deskOf({ status: statusOf({ phase: "problem", problem: failure, who: null }) });
  render(<App backend={backend} start={{ language: "en", theme: "light" }} />);
  await screen.findByText("The records are open in another Wardroom");
  expect(screen.queryByRole("button", { name: "Set up anew" })).toBeNull();
});

it("a pharmacist is led to the stock", async () => {
  window.location.hash = "#/";
  const who = { person: "p3", username: "rahul", name: "Rahul", role: "pharmacist" };
  render(
    <App
      backend={atWork({ who: { ...who, read_only: false, has_run_out: false, not_after: null, due: null } })}
      start={{ language: "en", theme: "light" }}
    />,
  );
  await waitFor(() => expect(window.location.hash).toBe("#/stock"));
  expect(screen.getByRole("navigation", { name: "Main parts" })).toHaveTextContent(
    /^StockInboxSyncSettings$/,
  );
});

it("Ctrl+Z takes back what the standing word tells of, except in a field, where it belongs to the typing", async () => {
  const undo = vi.fn();
  render(<App backend={atWork()} start={{ language: "en", theme: "light" }} />);
  await screen.findByRole("navigation", { name: "Main parts" });
  act(() => sayDone("Done", undo));
  await userEvent.keyboard("{Control>}k{/Control}");
  expect(await screen.findByRole("dialog")).toContainElement(document.activeElement as HTMLElement);
  await userEvent.keyboard("{Control>}z{/Control}");
  expect(undo).not.toHaveBeenCalled();
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await userEvent.keyboard("{Control>}z{/Control}{Control>}z{/Control}");
  expect(undo).toHaveBeenCalledTimes(1);
  expect(screen.queryByText("Done")).toBeNull();
});

it("a view is asked again when one of its kinds changes, and not for others", async () => {
  let free = 3;
  const desk = deskOf({ "view bed_count": () => free });
  function Count() {
    return <p>{useView<number>("bed_count", {}, { kinds: ["bed"] }).data}</p>;
  }
  draw(<Count />, { backend: desk.backend });
  await screen.findByText("3");
  free = 2;
  act(() => desk.changed(["patient"]));
  expect(desk.calls).toHaveLength(1);
  act(() => desk.changed(["bed"]));
  await screen.findByText("2");
});
