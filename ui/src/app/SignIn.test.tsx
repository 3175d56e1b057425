import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { BackendProblem } from "../backend";
import { initialsOf } from "../features/signin/initials";
import type { DeskStatus, Phase } from "../generated/wire";
import { leaveSeat } from "../session";
import { deskOf, statusOf } from "../testing/draw";
import { App } from "./App";

const people = [
  { person: "p1", username: "anju", name: "Anju Thomas", role: "nurse" },
  { person: "p2", username: "meera", name: "Meera Nair", role: "facility_admin" },
  { person: "p3", username: "rahul", name: "Rahul Menon", role: "pharmacist" },
];

beforeEach(() => {
  window.location.hash = "#/sign-in";
});

afterEach(() => {
  vi.useRealTimers();
});

function drawDesk(signIn: (args: Record<string, unknown>) => unknown, part: Partial<DeskStatus> = {}) {
  let phase: Phase = "sign_in";
  const desk = deskOf({
    status: () => statusOf({ phase, people, who: phase === "open" ? statusOf().who : null, ...part }),
    sign_in: (args: Record<string, unknown>) => {
      const answer = signIn(args);
      if (!(answer instanceof BackendProblem)) phase = "open";
      return answer;
    },
    touch: null,
  });
  render(<App backend={desk.backend} start={{ language: "en", theme: "light" }} />);
  return desk;
}

it("the last person comes back with Enter, the password and Enter, to the page they left", async () => {
  leaveSeat({ username: "anju", page: "/settings" });
  const desk = drawDesk(() => null);
  const tile = await screen.findByRole("option", { name: /Anju Thomas/ });
  await waitFor(() => expect(tile).toHaveFocus());
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(screen.getByLabelText("Password")).toHaveFocus());
  await userEvent.keyboard("river lamp stone{Enter}");
  await waitFor(() => expect(window.location.hash).toBe("#/settings"));
  expect(desk.calls).toContainEqual({
    command: "sign_in",
    args: { username: "anju", password: "river lamp stone" },
  });
});

it("letters jump to a name", async () => {
  drawDesk(() => null);
  await screen.findByRole("option", { name: /Anju/ });
  await userEvent.keyboard("ra");
  expect(screen.getByRole("option", { name: /Rahul/ })).toHaveFocus();
});

it("a wrong password is said at its field, which is emptied and has the focus", async () => {
  drawDesk(() => new BackendProblem("wrong_password"));
  await userEvent.click(await screen.findByRole("option", { name: /Meera/ }));
  await userEvent.keyboard("wrong{Enter}");
  await screen.findByText("This password does not open");
  await waitFor(() => expect(screen.getByLabelText("Password")).toHaveValue(""));
  await waitFor(() => expect(screen.getByLabelText("Password")).toHaveFocus());
});

it("too many tries count down, and nothing is sent meanwhile", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const desk = drawDesk(() => new BackendProblem("blocked", { seconds: "30" }));
  await userEvent.click(await screen.findByRole("option", { name: /Meera/ }));
  await userEvent.keyboard("wrong{Enter}");
  await screen.findByText(/Try again in 30 seconds/);
  await userEvent.keyboard("again{Enter}");
  expect(desk.calls.filter((call) => call.command === "sign_in")).toHaveLength(1);
  vi.setSystemTime(Date.now() + 29_000);
  await screen.findByText(/Try again in 1 second$/);
  vi.setSystemTime(Date.now() + 1_000);
  await waitFor(() => expect(screen.queryByText(/Try again/)).not.toBeInTheDocument());
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(desk.calls.filter((call) => call.command === "sign_in")).toHaveLength(2));
});

it("who was given a password chooses one of their own before anything else", async () => {
  leaveSeat({ username: "nobody", page: "/settings" });
  const desk = drawDesk(({ new_password }) =>
    new_password === undefined ? new BackendProblem("password_must_change") : null,
  );
  desk.answers.password_strength = "good";
  await userEvent.click(await screen.findByRole("option", { name: /Meera/ }));
  await userEvent.keyboard("7k2m-9qxt-4hwd-p0ns{Enter}");
  await waitFor(() => expect(screen.getByLabelText("New password")).toHaveFocus());
  await userEvent.keyboard("seven boats{Enter}");
  await screen.findAllByText("The two passwords differ");
  await userEvent.type(screen.getByLabelText("The password again"), "seven boats{Enter}");
  await waitFor(() => expect(window.location.hash).toBe("#/"));
  expect(desk.calls.filter(({ command }) => command === "sign_in").at(-1)?.args).toEqual({
    username: "meera",
    password: "7k2m-9qxt-4hwd-p0ns",
    new_password: "seven boats",
  });
});

it("who is suspended here is marked, and told what to do", async () => {
  drawDesk(() => new BackendProblem("suspended_here"), { suspended: ["p1"] });
  const tile = await screen.findByRole("option", { name: /Anju/ });
  expect(tile).toHaveTextContent("Suspended");
  expect(screen.getByRole("option", { name: /Meera/ })).not.toHaveTextContent("Suspended");
  await userEvent.click(tile);
  await userEvent.keyboard("river lamp stone{Enter}");
  await screen.findByText("Suspended on this computer");
  expect(screen.getByText(/ask your facility admin to let you in again/)).toBeVisible();
});

it("somebody not shown types a username, and hears when the network is needed", async () => {
  drawDesk(() => new BackendProblem("offline_unknown_person"));
  await userEvent.click(await screen.findByRole("button", { name: "Another person" }));
  await userEvent.keyboard("suma{Enter}secret words{Enter}");
  await screen.findByText("This person has not signed in on this computer before");
});

it("initials follow the script", () => {
  expect(initialsOf("Anju Thomas")).toBe("AT");
  expect(initialsOf("രാഹുൽ മേനോൻ")).toBe("രാ");
  expect(initialsOf(" Beevi ")).toBe("B");
});
