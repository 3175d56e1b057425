import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { BackendProblem } from "../../backend";
import { deskOf, draw, statusOf } from "../../testing/draw";
import { JoinAnew } from "./JoinAnew";
import { NEEDS_IDENTITY, NewIdentity } from "./NewIdentity";
import { SyncPage } from "./SyncPage";
import { UnsentCopy } from "./UnsentCopy";

it("a new identity is given with the password of the person who asks, and nothing is sent without it", async () => {
  const desk = deskOf({ status: statusOf(), renew: null });
  draw(<NewIdentity />, { backend: desk.backend });
  await userEvent.click(await screen.findByRole("button", { name: "Give a new identity" }));
  const give = () => screen.getAllByRole("button", { name: "Give a new identity" }).at(-1);
  await userEvent.click(give() as HTMLElement);
  expect(desk.calls.some((call) => call.command === "renew")).toBe(false);
  await userEvent.clear(screen.getByLabelText("Username"));
  await userEvent.type(screen.getByLabelText("Username"), "anju");
  await userEvent.type(screen.getByLabelText("Password"), "river lamp stone{Enter}");
  await waitFor(() =>
    expect(desk.calls).toContainEqual({
      command: "renew",
      args: { username: "anju", password: "river lamp stone" },
    }),
  );
});

it("a computer that was put back and that its district does not know is invited anew", async () => {
  const desk = deskOf({
    status: statusOf(),
    sync_page: {
      summary: { ...statusOf().sync, problem: { code: "desk_rolled_back", numbers: {} } },
      spaces: [],
      parked: [],
      device: "d1",
      server_words: [],
      device_words: [],
    },
    renew: new BackendProblem("desk_not_accepted"),
  });
  draw(<SyncPage />, { backend: desk.backend });
  await userEvent.click(await screen.findByRole("button", { name: "Give a new identity" }));
  await userEvent.type(screen.getByLabelText("Username"), "anju");
  await userEvent.type(screen.getByLabelText("Password"), "river lamp stone{Enter}");
  expect(await screen.findByLabelText("Invitation")).toHaveFocus();
  expect(screen.queryByRole("button", { name: "Give a new identity" })).toBeNull();
});

it("a copied, a restored and a replaced computer are offered it", () => {
  expect([...NEEDS_IDENTITY].sort()).toEqual([
    "database_missing",
    "desk_forked",
    "desk_replaced",
    "desk_rolled_back",
  ]);
});

it("an invitation joins a forgotten computer anew", async () => {
  const desk = deskOf({
    status: statusOf(),
    rejoin: { facility_name: "Taluk Hospital", words: ["one", "two"] },
  });
  draw(<JoinAnew />, { backend: desk.backend });
  await userEvent.type(await screen.findByLabelText("Invitation"), "ekm.example:7443#ABCD");
  await userEvent.click(screen.getByRole("button", { name: "Join anew" }));
  await waitFor(() =>
    expect(desk.calls).toContainEqual({
      command: "rejoin",
      args: { address: "ekm.example:7443#ABCD", code: "", desk_name: "" },
    }),
  );
});

it("the code of a sealed copy is shown when it is written, and taking one in needs its code", async () => {
  const desk = deskOf({
    status: statusOf(),
    copy_unsent: { name: "unsent-1.wardroom", code: "ABCD-EFGH", changes: 2 },
    take_in_unsent: 1,
  });
  draw(<UnsentCopy waiting={2} />, { backend: desk.backend });
  await userEvent.click(await screen.findByRole("button", { name: "Write a sealed copy" }));
  expect(await screen.findByText(/ABCD-EFGH/)).toBeInTheDocument();
  await userEvent.type(screen.getByLabelText("File of another computer"), "/media/stick/unsent-9.wardroom");
  await userEvent.click(screen.getByRole("button", { name: "Take it in" }));
  expect(desk.calls.some((call) => call.command === "take_in_unsent")).toBe(false);
  await userEvent.type(screen.getByLabelText("Its code"), "JKMN-PQRS");
  await userEvent.click(screen.getByRole("button", { name: "Take it in" }));
  await waitFor(() =>
    expect(desk.calls).toContainEqual({
      command: "take_in_unsent",
      args: { path: "/media/stick/unsent-9.wardroom", code: "JKMN-PQRS" },
    }),
  );
});
