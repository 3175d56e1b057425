import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it } from "vitest";
import { BackendProblem } from "../backend";
import type { DeskStatus, Due, Phase } from "../generated/wire";
import { leaveSeat } from "../session";
import { deskOf, statusOf } from "../testing/draw";
import { App } from "./App";

const shown = {
  secret: "JBSW Y3DP",
  qr: { size: 29, path: "M4,4h1v1h-1z" },
  recovery_codes: ["7k2m-9qxt-4hwd", "p0ns-v5te-8rzj"],
};

beforeEach(() => leaveSeat({ username: "nobody", page: "/" }));

function drawDesk(answers: Record<string, unknown>, status: () => DeskStatus) {
  const desk = deskOf({ touch: null, offer_second_factor: shown, status, ...answers });
  render(<App backend={desk.backend} start={{ language: "en", theme: "light" }} />);
  return desk;
}

const press = (name: string | RegExp) => userEvent.click(screen.getByRole("button", { name }));

/** Goes through what is shown of the factor, up to the code. */
async function setUp() {
  await userEvent.click(await screen.findByRole("button", { name: "Set it up" }));
  await screen.findByRole("img", { name: "QR code for your authenticator app" });
  expect(screen.getByText("JBSW Y3DP")).toBeVisible();
  await press("Continue");
  await screen.findByText("7k2m-9qxt-4hwd");
  await press("I have them on paper");
  return screen.findByLabelText("Code");
}

it("an admin is led through a second factor, and says password, new password and code in one", async () => {
  window.location.hash = "#/sign-in";
  let phase: Phase = "sign_in";
  const desk = drawDesk(
    {
      password_strength: "good",
      sign_in: ({ new_password, code }: Record<string, unknown>) => {
        if (new_password === undefined) return new BackendProblem("password_must_change");
        if (code === undefined) return new BackendProblem("second_factor_enrol");
        if (code !== "654321") return new BackendProblem("wrong_code");
        phase = "open";
        return null;
      },
    },
    () => statusOf({ phase, who: phase === "open" ? statusOf().who : null }),
  );
  await userEvent.type(await screen.findByLabelText("Password"), "7k2m-9qxt{Enter}");
  await userEvent.type(await screen.findByLabelText("New password"), "seven boats");
  await userEvent.type(screen.getByLabelText("The password again"), "seven boats{Enter}");
  const field = await setUp();
  await userEvent.type(field, "123456{Enter}");
  await screen.findByText("This code is not right");
  await userEvent.type(screen.getByLabelText("Code"), "654321{Enter}");
  await waitFor(() => expect(window.location.hash).toBe("#/"));
  expect(desk.calls.filter(({ command }) => command === "sign_in").at(-1)?.args).toEqual({
    username: "anju",
    password: "7k2m-9qxt",
    new_password: "seven boats",
    code: "654321",
  });
});

it("who comes in where they are known may put it off, and does it with their password when they like", async () => {
  window.location.hash = "#/settings";
  let due: Due | null = "second_factor_enrol";
  const who = statusOf().who;
  const status = () => statusOf({ who: who && { ...who, due } });
  const answers = {
    "view record": { fields: {}, in_conflict: [], voided: false },
    "view records": [],
    sync_page: new BackendProblem("database_failed"),
    confirm_password: ({ password, code }: Record<string, unknown>) => {
      if (password !== "river lamp") return new BackendProblem("wrong_password");
      if (code === undefined) return new BackendProblem("second_factor_enrol");
      due = null;
      return null;
    },
  };
  const desk = drawDesk(answers, status);
  const field = await screen.findByLabelText("Your password");
  await userEvent.type(field, "not it{Enter}");
  await screen.findByText("This password does not open");
  await userEvent.type(field, "river lamp{Enter}");
  await userEvent.type(await setUp(), "654321{Enter}");
  await screen.findByRole("heading", { name: "Settings" });
  expect(desk.calls.filter(({ command }) => command === "confirm_password").at(-1)?.args).toEqual({
    password: "river lamp",
    code: "654321",
  });
});

it("not now leads to work", async () => {
  window.location.hash = "#/settings";
  const who = statusOf().who;
  drawDesk(
    {
      "view record": { fields: {}, in_conflict: [], voided: false },
      "view records": [],
      sync_page: new BackendProblem("database_failed"),
    },
    () => statusOf({ who: who && { ...who, due: "second_factor" } }),
  );
  await userEvent.click(await screen.findByRole("button", { name: "Not now" }));
  await screen.findByRole("heading", { name: "Settings" });
});
