import { expect, it } from "vitest";
import { lookOf, type SyncState } from "./SyncChip";

const HOUR_MS = 3_600_000;
const calm: SyncState = {
  state: "sent",
  waiting: 0,
  conflicts: 0,
  checked_ms: 1,
  oldest_waiting_ms: null,
  now_ms: 100 * HOUR_MS,
};
const after = (hours: number) => calm.now_ms - hours * HOUR_MS;

function check(part: Partial<SyncState>, expected: string) {
  const look = lookOf({ ...calm, ...part });
  expect(`${look.key} ${look.shape} ${look.tone}`).toBe(expected);
}

it("a tick stands only when everything was acknowledged and a server was heard", () => {
  check({}, "sent tick ok");
  check({ checked_ms: null }, "unknown ring neutral");
  check({ waiting: 1, oldest_waiting_ms: after(0) }, "waiting half neutral");
});

it("unsent work turns amber after half an hour and red after a day", () => {
  check({ waiting: 3, oldest_waiting_ms: after(0.5) }, "waiting half watch");
  check({ state: "offline", waiting: 3, oldest_waiting_ms: after(24) }, "offline_waiting half problem");
  check({ state: "offline" }, "offline half neutral");
});

it("what needs a person comes first", () => {
  check({ conflicts: 2, waiting: 3 }, "conflicts diamond watch");
  check({ state: "sign_in", conflicts: 2 }, "sign_in triangle watch");
  check({ state: "problem", conflicts: 2 }, "problem triangle problem");
});
