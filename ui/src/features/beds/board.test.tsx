import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import type { BedBoard, BedTile } from "../../generated/wire";
import { deskOf, draw, statusOf } from "../../testing/draw";
import { Board } from "./Board";

vi.mock("@tanstack/react-router", () => ({
  useNavigate: () => () => undefined,
  useHref: (to: string) => to,
}));

/** 08:10 at the facility. */
const AT_MS = Date.UTC(2026, 10, 20, 2, 40);
const bed = (id: string, status: BedTile["status"], name?: string) =>
  ({
    id,
    label: id.slice(1),
    bed_type: "icu",
    status,
    hold: status === "held" ? { id: "h1", reason: "held", note: null, from: 0, expires: null } : null,
    occupant: name
      ? {
          stay: `s${id}`,
          since: 0,
          days: 2,
          patient: {
            patient: `p${id}`,
            encounter: `e${id}`,
            name,
            category: "critical",
            last_round_at: AT_MS,
            news2: { score: 5, applies: true, missing: [], risk: "medium", points: {} },
          },
        }
      : null,
    clash: false,
  }) as unknown as BedTile;

const BOARD = {
  wards: [
    {
      id: "w1",
      name: "ICU",
      staffed_beds: null,
      figures: { total: 5, occupied: 3, held: 1, cleaning: 0, blocked: 0, free: 1 },
      beds: [
        bed("b01", "free"),
        bed("b02", "held"),
        bed("b03", "occupied", "Chandran Pillai"),
        bed("b04", "occupied", "Fathima Beevi"),
        bed("b05", "occupied", "Meera Das"),
      ],
    },
  ],
  waiting: [],
} as unknown as BedBoard;

function drawBoard() {
  const desk = deskOf({ status: statusOf(), act: { ids: [], as_of: 2, action: null } });
  draw(<Board board={BOARD} as_of={1} filter={{ ward: null, status: null, bed_type: null }} />, {
    backend: desk.backend,
  });
  return desk;
}
const tile = (label: string) => {
  const found = document.querySelector<HTMLElement>(`[data-bed="${label}"]`);
  if (!found) throw new Error(`no bed ${label}`);
  return found;
};
const written = (desk: ReturnType<typeof drawBoard>) =>
  desk.calls.filter(({ command }) => command === "act" || command === "save");

it("typing a name on any bed finds it and never writes", async () => {
  const desk = drawBoard();
  await screen.findByRole("button", { name: "Mark for cleaning" });
  for (const from of ["01", "02", "03"]) {
    for (const [name, at] of [
      ["Chandran", "03"],
      ["Fathima", "04"],
      ["Meera D", "05"],
      ["das", "05"],
      ["02", "02"],
    ] as const) {
      tile(from).focus();
      await userEvent.keyboard(`{Escape}${name}`);
      expect(tile(at)).toHaveFocus();
      expect(screen.queryByRole("dialog")).toBeNull();
    }
  }
  expect(written(desk)).toEqual([]);
});

it("what is typed stands on the screen, also when nobody is called so, and Backspace mends it", async () => {
  drawBoard();
  tile("01").focus();
  await userEvent.keyboard("fax");
  expect(screen.getByText("Nothing here begins with “fax”")).toBeVisible();
  await userEvent.keyboard("{Backspace}");
  expect(screen.getByText("Finding “fa”")).toBeVisible();
  expect(tile("04")).toHaveFocus();
});

it("Enter opens the bed, Enter again what stands first, and Escape leads back", async () => {
  drawBoard();
  tile("03").focus();
  await userEvent.keyboard("{Enter}");
  expect(screen.getByRole("link", { name: "Chandran Pillai" })).toHaveFocus();
  await userEvent.keyboard("{Escape}");
  expect(tile("03")).toHaveFocus();
  tile("01").focus();
  await screen.findByRole("button", { name: /Admit here/ });
  await userEvent.keyboard("{Enter}{Enter}");
  await screen.findByRole("dialog");
});

it("in an opened bed M moves the patient", async () => {
  const desk = drawBoard();
  await screen.findByRole("button", { name: "Mark for cleaning" });
  tile("05").focus();
  await userEvent.keyboard("{Enter}m");
  expect(within(await screen.findByRole("dialog")).getByText("Meera Das")).toBeVisible();
  expect(written(desk)).toEqual([]);
});

it("no letter in an opened bed writes: freeing and cleaning are buttons", async () => {
  const desk = drawBoard();
  await screen.findByRole("button", { name: "Mark for cleaning" });
  tile("01").focus();
  await userEvent.keyboard("{Enter}");
  for (const letter of "bcefgijklnopqrtuvwxyz0123456789") await userEvent.keyboard(letter);
  tile("02").focus();
  await userEvent.keyboard("{Enter}");
  for (const letter of "bcefgijklnopqrtuvwxyz0123456789") await userEvent.keyboard(letter);
  expect(written(desk)).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Free the bed" }));
  await waitFor(() => expect(written(desk)).toHaveLength(1));
  expect(tile("02")).toHaveFocus();
});

it("a tile tells category and score in words too, the score with its time", async () => {
  drawBoard();
  await screen.findByRole("button", { name: "Mark for cleaning" });
  expect(tile("03")).toHaveTextContent("Critical");
  expect(tile("03")).toHaveTextContent("NEWS2 5 at 20-Nov 08:10");
});
