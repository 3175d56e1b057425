import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { WALL_ROLE } from "../../access";
import { deskOf, draw, statusOf } from "../../testing/draw";
import { ShowOnWall } from "./ShowOnWall";
import { WallPage } from "./WallPage";

const led = vi.hoisted(() => [] as unknown[]);
vi.mock("@tanstack/react-router", () => ({
  useNavigate: () => (to: unknown) => led.push(to),
  Navigate: ({ to }: { to: string }) => <p>to {to}</p>,
}));

const FIGURES = { total: 2, occupied: 1, held: 0, cleaning: 0, blocked: 0, free: 1, unstaffed: 0 };
const WALL = {
  facility: "General Hospital",
  figures: FIGURES,
  wards: [
    {
      id: "w1",
      name: "ICU-2",
      figures: FIGURES,
      beds: [
        { id: "b1", label: "01", status: "occupied" },
        { id: "b2", label: "02", status: "free" },
      ],
    },
  ],
};
const nurse = {
  person: "p1",
  username: "anju",
  name: "Anju",
  has_run_out: false,
  not_after: null,
  due: null,
};

it("before a desk is left on the wall it is said what is shown, and then the desk is asked and its page opened", async () => {
  const desk = deskOf({ show_on_the_wall: null });
  draw(<ShowOnWall />, { backend: desk.backend });
  await userEvent.click(screen.getByRole("button", { name: "Show on the wall" }));
  expect(screen.getByRole("alertdialog")).toHaveTextContent(/No name, no age and no illness/);
  await userEvent.click(screen.getByRole("button", { name: "Show it and leave" }));
  await waitFor(() => expect(led).toEqual([{ to: "/wall" }]));
  expect(desk.calls.map(({ command }) => command)).toEqual(["show_on_the_wall"]);
});

it("the wall shows beds by number and state, fills the screen, and is left by locking", async () => {
  const status = statusOf({ who: { ...nurse, role: WALL_ROLE, read_only: true } });
  const desk = deskOf({ status, "view wall": WALL, lock: null });
  draw(<WallPage />, { backend: desk.backend });
  expect(await screen.findByText("01")).toBeVisible();
  expect(screen.getByText("1 bed free")).toBeVisible();
  const asked = desk.calls.filter(({ command }) => command === "view").map(({ args }) => args.name);
  expect(new Set(asked)).toEqual(new Set(["wall"]));
  expect(desk.calls).toContainEqual({ command: "(fill screen)", args: { whole: true } });
  await userEvent.click(screen.getByRole("button", { name: "Leave the wall" }));
  await waitFor(() => expect(desk.calls.some(({ command }) => command === "lock")).toBe(true));
});

it("whoever is signed in and did not put the desk on the wall is led to the beds", async () => {
  const desk = deskOf({ status: statusOf() });
  draw(<WallPage />, { backend: desk.backend });
  expect(await screen.findByText("to /beds")).toBeVisible();
  expect(desk.calls.some(({ command }) => command === "view")).toBe(false);
});
