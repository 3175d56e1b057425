import { expect, it } from "vitest";
import type { SyncStatus } from "../../generated/wire";
import { statusOf } from "../../testing/draw";
import { lookOf } from "./syncLook";

const HOUR_MS = 3_600_000;
const NOW_MS = 100 * HOUR_MS;
const calm: SyncStatus = { ...statusOf().sync, last_contact: NOW_MS };
const after = (hours: number) => NOW_MS - hours * HOUR_MS;

function check(part: Partial<SyncStatus>, expected: string, isReadOnly = false) {
  const look = lookOf({ ...calm, ...part }, isReadOnly, NOW_MS);
  expect(`${look.key} ${look.shape} ${look.tone}`).toBe(expected);
}

it("a tick stands only when everything was acknowledged and a server was heard", () => {
  check({}, "sent tick ok");
  check({ last_contact: null }, "unknown ring neutral");
  check({ waiting: 1 }, "unknown ring neutral");
  check({ state: "closed" }, "unknown ring neutral");
  check({ state: "stands_alone" }, "stands_alone disc neutral");
  check({ state: "waiting", waiting: 1, waiting_since: after(0) }, "waiting half neutral");
});

it("unsent work turns amber after half an hour and red after a day", () => {
  check({ state: "waiting", waiting: 3, waiting_since: after(0.5) }, "waiting half watch");
  check({ state: "offline", waiting: 3, waiting_since: after(24) }, "offline_waiting half problem");
  check({ state: "offline" }, "offline half neutral");
});

it("what needs a person comes first", () => {
  check({ conflicts: 2, waiting: 3, state: "waiting" }, "conflicts diamond watch");
  check({ parked: 1, aside: 3, conflicts: 2 }, "parked diamond problem");
  check({ aside: 3, conflicts: 2 }, "aside diamond watch");
  check({ conflicts: 2 }, "sign_in triangle watch", true);
  check({ state: "problem", conflicts: 2 }, "problem triangle problem");
});
