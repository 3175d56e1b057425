import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, expect, it, vi } from "vitest";
import { useCommand, useView } from "./backend-context";
import { deskOf, draw } from "./testing/draw";

afterEach(() => {
  vi.useRealTimers();
});

function Count() {
  const view = useView<number>("bed_count", {}, { kinds: ["bed"] });
  return <p>{view.data === undefined ? "asking" : `${view.data} free`}</p>;
}

/** A page that is left and opened again. */
function Pages() {
  const [isOpen, setOpen] = useState(true);
  const free = useCommand<Record<string, never>, null>("free_a_bed");
  return (
    <>
      <button type="button" onClick={() => setOpen(!isOpen)}>
        turn
      </button>
      <button type="button" onClick={() => free.mutate({})}>
        free
      </button>
      {free.isSuccess && <p>done</p>}
      {isOpen && <Count />}
    </>
  );
}

it("what changed while its page was away is never drawn as if it were of now", async () => {
  let free = 3;
  const desk = deskOf({ "view bed_count": () => free, free_a_bed: null });
  draw(<Pages />, { backend: desk.backend });
  await screen.findByText("3 free");
  for (const change of [
    () => act(() => desk.changed(["bed"])),
    async () => {
      await userEvent.click(screen.getByText("free"));
      await screen.findByText("done");
    },
  ]) {
    await userEvent.click(screen.getByText("turn"));
    free -= 1;
    await change();
    await userEvent.click(screen.getByText("turn"));
    expect(screen.queryByText(`${free + 1} free`)).toBeNull();
    await screen.findByText(`${free} free`);
  }
});

it("a page that nothing changed is there at once when it is opened again", async () => {
  const desk = deskOf({ "view bed_count": 3 });
  draw(<Pages />, { backend: desk.backend });
  await screen.findByText("3 free");
  await userEvent.click(screen.getByText("turn"));
  act(() => desk.changed(["patient"]));
  await userEvent.click(screen.getByText("turn"));
  expect(screen.getByText("3 free")).toBeVisible();
});

it("a first answer that was read before a change is asked once more", async () => {
  const answers: ((free: number) => void)[] = [];
  const desk = deskOf({ "view bed_count": () => new Promise((answer) => answers.push(answer)) });
  draw(<Count />, { backend: desk.backend });
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  act(() => desk.changed(["bed"]));
  answers[0]?.(0);
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  answers[1]?.(20);
  await screen.findByText("20 free");
});

it("views are asked anew every minute, and not while nobody looks at the window", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const seen = vi.spyOn(document, "visibilityState", "get").mockReturnValue("visible");
  let free = 3;
  const desk = deskOf({ "view bed_count": () => free });
  draw(<Count />, { backend: desk.backend });
  await screen.findByText("3 free");
  free = 4;
  await vi.advanceTimersByTimeAsync(60_000);
  await screen.findByText("4 free");
  seen.mockReturnValue("hidden");
  const asked = desk.calls.length;
  await vi.advanceTimersByTimeAsync(180_000);
  expect(desk.calls).toHaveLength(asked);
  free = 5;
  seen.mockReturnValue("visible");
  act(() => document.dispatchEvent(new Event("visibilitychange")));
  await screen.findByText("5 free");
  seen.mockRestore();
});
