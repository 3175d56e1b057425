import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import type { BedBoard } from "../../generated/wire";
import { deskOf, draw } from "../../testing/draw";
import { Filters } from "./Filters";

const board = (free: number, unstaffed: number) =>
  ({
    figures: { total: 5, occupied: 2, held: 0, cleaning: 0, blocked: 0, free, unstaffed },
    wards: [{ id: "w1", name: "ICU", beds: [] }],
    waiting: [],
  }) as unknown as BedBoard;
const shown = (of: BedBoard) =>
  draw(
    <Filters board={of} filter={{ ward: null, status: null, bed_type: null }} onChange={() => undefined} />,
    {
      backend: deskOf({}).backend,
    },
  );

it("free beds are those the ward has staff for, and the other empty ones are told", async () => {
  shown(board(1, 2));
  expect(await screen.findByRole("button", { name: /^Free/ })).toHaveTextContent("Free1(+2 without staff)");
  expect(screen.getByRole("button", { name: /^Occupied/ })).toHaveTextContent("Occupied2");
});

it("where there is staff for every bed nothing is added", async () => {
  shown(board(3, 0));
  expect(await screen.findByRole("button", { name: /^Free/ })).toHaveTextContent(/^Free3$/);
});
