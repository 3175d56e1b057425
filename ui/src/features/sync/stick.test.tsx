import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { deskOf, draw, statusOf } from "../../testing/draw";
import { LoadStick } from "./LoadStick";

const FOLDER = "Folder on the stick";
const LOAD = { name: "Load from a stick" };

it("a stick is loaded from its folder, and what of it is damaged is told", async () => {
  const desk = deskOf({ status: statusOf(), load_stick: { records: 4200, damaged: 2 } });
  draw(<LoadStick />, { backend: desk.backend });
  await userEvent.click(await screen.findByRole("button", LOAD));
  expect(desk.calls.some((call) => call.command === "load_stick")).toBe(false);
  await userEvent.type(screen.getByLabelText(FOLDER), " /media/stick/taluk {Enter}");
  await waitFor(() =>
    expect(desk.calls).toContainEqual({ command: "load_stick", args: { folder: "/media/stick/taluk" } }),
  );
  expect(await screen.findByText("2 parts of the stick could not be read")).toBeVisible();
});
