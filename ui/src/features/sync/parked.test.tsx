import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type { ParkedShown } from "../../generated/wire";
import { deskOf, draw } from "../../testing/draw";
import { ParkedList } from "./ParkedList";

const CHANGE: ParkedShown = {
  change: "c1",
  kind: "patient",
  record: "p1",
  caption: "Kamala Devi",
  reason: "unknown_person",
  at: Date.UTC(2026, 2, 1),
  by: "Anju Thomas",
  fields: { name: "Kamala Devi" },
  may_dismiss: true,
  dismissed: null,
};

it("what nobody has decided is dismissed after a question", async () => {
  const desk = deskOf({ dismiss: null });
  draw(<ParkedList parked={[CHANGE]} />, { backend: desk.backend });
  await userEvent.click(screen.getByRole("button", { name: "Dismiss" }));
  expect(desk.calls).toEqual([]);
  await userEvent.click(screen.getAllByRole("button", { name: "Dismiss" }).at(-1) as HTMLElement);
  await waitFor(() => expect(desk.calls).toEqual([{ command: "dismiss", args: { change: "c1" } }]));
});

it("what was dismissed elsewhere says by whom and why, and leaves once it was seen", async () => {
  const desk = deskOf({ dismiss: null });
  const dismissed = { by: "Meera Nair", at: Date.UTC(2026, 2, 2), why: "Twice on paper" };
  draw(<ParkedList parked={[{ ...CHANGE, dismissed }]} />, { backend: desk.backend });
  expect(screen.getByText(/Dismissed by Meera Nair/)).toBeVisible();
  expect(screen.getByText("Twice on paper")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Dismiss" })).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Seen" }));
  await waitFor(() => expect(desk.calls).toEqual([{ command: "dismiss", args: { change: "c1" } }]));
});

it("what the district dismissed names no person", () => {
  const dismissed = { by: "", at: Date.UTC(2026, 2, 2), why: "" };
  draw(<ParkedList parked={[{ ...CHANGE, dismissed }]} />);
  expect(screen.getByText(/Dismissed by the district/)).toBeVisible();
});
