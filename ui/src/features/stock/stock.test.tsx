import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { BackendProblem } from "../../backend";
import { plain } from "../../entity/useQuantity";
import { deskOf, draw, statusOf } from "../../testing/draw";
import { MovementDialog } from "./MovementDialog";
import { correctionOf, entryOf } from "./movement";

const line = {
  item: "i1",
  name: "Oxygen",
  unit: "cylinder",
  balance: "18.000",
  minimum: null,
  low: false,
  below_zero: false,
  days_left: null,
  used_7_days: "0",
  nearest_expiry: null,
  last_at: null,
  oxygen: true,
};

it("a count sends what was expected, and no quantity typed before", () => {
  const sheet = { item: "i1", movement: "count", counted: "17", quantity: "4", batch: "" };
  expect(entryOf(sheet, "18.000", 7)).toEqual({
    item: "i1",
    movement: "count",
    at: 7,
    counted: "17",
    expected: "18.000",
  });
});

it("a correction voids the entry and names it, in one save", () => {
  expect(correctionOf("e1", " typo ", { item: "i1", quantity: "3" })).toEqual([
    { kind: "stock_entry", id: "e1", fields: { voided: "yes", void_reason: "typo" } },
    { kind: "stock_entry", id: null, fields: { item: "i1", quantity: "3", amends: "e1" } },
  ]);
});

it("noughts at the end of a quantity are not shown", () => {
  expect([plain("38.000"), plain("0.500"), plain("100")]).toEqual(["38", "0.5", "100"]);
});

it("issuing more than there is asks, and goes through once it is said to be right", async () => {
  const ask = {
    kind: "stock_entry",
    field: "quantity",
    code: "more_than_in_stock",
    numbers: { have: "18" },
    ask: true,
  };
  const desk = deskOf({
    status: statusOf(),
    "view records": [],
    save: ({ confirmed }: Record<string, unknown>) =>
      (confirmed as string[]).includes("quantity")
        ? { ids: ["e1"], as_of: 6 }
        : new BackendProblem("problems", {}, [ask]),
  });
  let isClosed = false;
  draw(
    <MovementDialog
      lines={[line]}
      as_of={5}
      start={{ item: "i1", movement: "issue" }}
      onClose={() => {
        isClosed = true;
      }}
    />,
    { backend: desk.backend },
  );
  await userEvent.type(await screen.findByRole("textbox", { name: "Quantity" }), "20");
  await userEvent.click(screen.getByRole("button", { name: "Issue" }));
  await userEvent.click(await screen.findByRole("checkbox", { name: /Only 18 in stock/ }));
  await userEvent.click(screen.getByRole("button", { name: "Issue" }));
  await waitFor(() => expect(isClosed).toBe(true));
  const sent = desk.calls.filter((call) => call.command === "save").at(-1)?.args;
  expect(sent).toMatchObject({
    as_of: 5,
    confirmed: ["quantity"],
    drafts: [{ kind: "stock_entry", id: null, fields: { item: "i1", movement: "issue", quantity: "20" } }],
  });
});

it("a movement half typed comes back after a lock, and is forgotten when it is given up", async () => {
  const drafts: Record<string, unknown> = {};
  const desk = deskOf({
    status: statusOf(),
    "view records": [],
    draft: ({ name }: Record<string, unknown>) => drafts[String(name)] ?? null,
    put_draft: ({ name, body }: Record<string, unknown>) => {
      drafts[String(name)] = body;
    },
    forget_draft: ({ name }: Record<string, unknown>) => {
      delete drafts[String(name)];
    },
  });
  const start = { item: "i1", movement: "issue" };
  const dialog = <MovementDialog lines={[line]} as_of={5} start={start} onClose={() => undefined} />;
  const { unmount } = draw(dialog, { backend: desk.backend });
  await userEvent.type(await screen.findByRole("textbox", { name: "Quantity" }), "4");
  unmount();
  expect(drafts).toEqual({ "move/stock/i1/issue": { quantity: "4" } });
  draw(dialog, { backend: desk.backend });
  expect(await screen.findByRole("textbox", { name: "Quantity" })).toHaveValue("4");
  expect(screen.getByText("This is what you typed before and did not save.")).toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(drafts).toEqual({}));
});
