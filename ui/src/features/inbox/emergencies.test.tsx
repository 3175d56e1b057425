import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type { EmergencyToReview } from "../../generated/wire";
import { deskOf, draw } from "../../testing/draw";
import { EmergenciesPart } from "./EmergenciesPart";

const one: EmergencyToReview = {
  id: "e1",
  at: 0,
  who_name: "Anju Thomas",
  desk_name: "Casualty",
  reason: "unconscious, allergies?",
  opened: [
    { patient: "r1", name: "Kamala Devi" },
    { patient: "r2", name: "" },
  ],
  named: 3,
  is_own: false,
};

it("an admin sees who opened what and why, and notes that they looked into it", async () => {
  const desk = deskOf({ review_emergency: null });
  draw(<EmergenciesPart emergencies={[one]} />, { backend: desk.backend });
  expect(screen.getByText("1 emergency access to look into")).toBeVisible();
  expect(screen.getByText("“unconscious, allergies?”")).toBeVisible();
  expect(screen.getByRole("link", { name: "Kamala Devi" })).toBeVisible();
  expect(screen.getByText("Not known on this computer")).toBeVisible();
  expect(screen.getByText(/^Searches showed the names of 3 people who were not in/)).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "I looked into it" }));
  expect(desk.calls).toEqual([{ command: "review_emergency", args: { begun: "e1" } }]);
});

it("nobody is offered to put away their own", () => {
  draw(<EmergenciesPart emergencies={[{ ...one, is_own: true, opened: [], named: 0 }]} />);
  expect(screen.getByText("Your own: another admin looks into it.")).toBeVisible();
  expect(screen.getByText(/No record was opened/)).toBeVisible();
  expect(screen.queryByText(/names/)).toBeNull();
  expect(screen.queryByRole("button", { name: "I looked into it" })).toBeNull();
});
