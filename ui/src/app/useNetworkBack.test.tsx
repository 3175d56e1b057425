import { fireEvent } from "@testing-library/react";
import { expect, it } from "vitest";
import { deskOf, draw } from "../testing/draw";
import { useNetworkBack } from "./useNetworkBack";

function Frame() {
  useNetworkBack();
  return null;
}

it("asks the server at once when the network is back, and no more once the person has left", () => {
  const desk = deskOf({ sync_now: null });
  const drawn = draw(<Frame />, { backend: desk.backend });
  expect(desk.calls).toEqual([]);
  fireEvent(window, new Event("online"));
  expect(desk.calls.map((call) => call.command)).toEqual(["sync_now"]);
  drawn.unmount();
  fireEvent(window, new Event("online"));
  expect(desk.calls).toHaveLength(1);
});
