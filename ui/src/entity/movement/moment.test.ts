import fc from "fast-check";
import { expect, it } from "vitest";
import { faultsOf, momentOf, sentAs } from "./moment";

const KOCHI = 330;
const NOW = Date.UTC(2026, 10, 20, 7, 35);

it("a moment typed at the facility is sent in UTC", () => {
  expect(sentAs({ day: "2026-11-20", minutes: 11 * 60 + 30 }, KOCHI)).toBe(Date.UTC(2026, 10, 20, 6, 0));
  expect(sentAs({ day: "2026-11-20", minutes: 120 }, KOCHI)).toBe(Date.UTC(2026, 10, 19, 20, 30));
  expect(sentAs({ day: "2026-11-20", minutes: null }, KOCHI)).toBeNull();
});

it("the moment at the facility is its own day and time", () => {
  expect(momentOf(NOW, KOCHI)).toEqual({ day: "2026-11-20", minutes: 13 * 60 + 5 });
  expect(momentOf(Date.UTC(2026, 10, 20, 19, 0), KOCHI)).toEqual({ day: "2026-11-21", minutes: 30 });
});

it("any moment comes back from what is sent, to the minute", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 4_000_000_000_000 }),
      fc.integer({ min: -720, max: 840 }),
      (now_ms, offset) => {
        const sent = sentAs(momentOf(now_ms, offset), offset);
        expect(sent).toBe(now_ms - (now_ms % 60_000));
      },
    ),
  );
});

it("what is half typed, unreadable or still to come is not sent", () => {
  const faults = (day: string | null, minutes: number | null, unread = {}) =>
    faultsOf({ day, minutes, unread }, NOW, KOCHI).map(({ part, code }) => `${part} ${code}`);
  expect(faults("2026-11-20", 785)).toEqual([]);
  expect(faults("2026-11-20", null)).toEqual(["time missing"]);
  expect(faults(null, null)).toEqual(["day missing", "time missing"]);
  expect(faults("2026-11-20", null, { time: "?" })).toEqual(["time unread"]);
  expect(faults("2026-11-20", 786)).toEqual(["time future"]);
  expect(faults("2026-11-21", 0)).toEqual(["day future"]);
});
