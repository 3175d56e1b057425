import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type { FoundStick } from "../../generated/wire";
import { deskOf, draw, statusOf } from "../../testing/draw";
import { LoadStick } from "./LoadStick";

const FOLDER = "Or the folder with the records";
const STICKS: FoundStick[] = [
  { folder: "/media/anju/TALUK", made_ms: 1_795_000_000_000, records: 5012 },
  { folder: "/media/anju/OLD", made_ms: 1_794_000_000_000, records: 4980 },
];

it("a stick that is plugged in is found and loaded, and what of it is damaged is told", async () => {
  const desk = deskOf({ status: statusOf(), find_sticks: STICKS, load_stick: { records: 4200, damaged: 2 } });
  draw(<LoadStick />, { backend: desk.backend });
  const [newest, older] = await screen.findAllByRole("listitem");
  expect(newest).toHaveTextContent("5,012 records");
  expect(older).toHaveTextContent("/media/anju/OLD");
  await userEvent.click(within(newest as HTMLElement).getByRole("button", { name: "Load" }));
  await waitFor(() =>
    expect(desk.calls).toContainEqual({ command: "load_stick", args: { folder: "/media/anju/TALUK" } }),
  );
  expect(await screen.findByText("2 parts of the stick could not be read")).toBeVisible();
});

it("a stick that is plugged in later is found by looking again", async () => {
  const desk = deskOf({ status: statusOf(), find_sticks: [] });
  draw(<LoadStick />, { backend: desk.backend });
  expect(await screen.findByText("No stick with records of this facility is plugged in.")).toBeVisible();
  desk.answers.find_sticks = STICKS;
  await userEvent.click(screen.getByRole("button", { name: "Look again" }));
  expect(await screen.findAllByRole("listitem")).toHaveLength(2);
});

it("records are loaded from any folder that somebody names", async () => {
  const desk = deskOf({ status: statusOf(), find_sticks: [], load_stick: { records: 4200, damaged: 0 } });
  draw(<LoadStick />, { backend: desk.backend });
  await userEvent.click(await screen.findByRole("button", { name: "Load from the folder" }));
  expect(desk.calls.some((call) => call.command === "load_stick")).toBe(false);
  await userEvent.type(screen.getByLabelText(FOLDER), " /media/stick/taluk {Enter}");
  await waitFor(() =>
    expect(desk.calls).toContainEqual({ command: "load_stick", args: { folder: "/media/stick/taluk" } }),
  );
});
