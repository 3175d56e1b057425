import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it } from "vitest";
import { BackendProblem } from "../backend";
import { Button } from "../components/Button";
import { ToastRegion, undoLast } from "../components/Toast";
import { deskOf, draw } from "../testing/draw";
import { useSaySaved } from "./useSaySaved";

function Saving({ action }: { action: string | null }) {
  const saySaved = useSaySaved();
  return (
    <>
      <Button onPress={() => saySaved(action)}>Save</Button>
      <ToastRegion />
    </>
  );
}

async function saved(action: string | null, undo: unknown) {
  const desk = deskOf({ undo });
  draw(<Saving action={action} />, { backend: desk.backend });
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText(/^Saved on this computer/);
  return () => desk.calls.filter((call) => call.command === "undo").map((call) => call.args);
}

afterEach(async () => {
  for (const close of screen.queryAllByRole("button", { name: "Close" })) await userEvent.click(close);
});

it("what was done is taken back by the word that says it is saved", async () => {
  const asked = await saved("a1", { ids: [], as_of: 9, action: "a2" });
  await userEvent.click(screen.getByRole("button", { name: "Undo" }));
  expect(await screen.findByText("Taken back")).toBeInTheDocument();
  expect(asked()).toEqual([{ action: "a1" }]);
});

it("the keys take back what the standing word tells of, once", async () => {
  const asked = await saved("a1", { ids: [], as_of: 9, action: "a2" });
  expect(undoLast()).toBe(true);
  await screen.findByText("Taken back");
  expect(undoLast()).toBe(false);
  expect(asked()).toHaveLength(1);
});

it("what somebody changed since is not taken back, and the word says what to do", async () => {
  await saved("a1", new BackendProblem("undo_too_late"));
  await userEvent.click(screen.getByRole("button", { name: "Undo" }));
  expect(
    await screen.findByText("Somebody has changed this since. Nothing was taken back. Correct it by hand."),
  ).toBeInTheDocument();
});

it("nothing is offered for what cannot be taken back", async () => {
  await saved(null, null);
  await waitFor(() => expect(screen.queryByRole("button", { name: "Undo" })).toBeNull());
});
