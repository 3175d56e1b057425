import { afterEach, expect, it } from "vitest";
import { todayHere } from "./components/readDate";
import { createFormat } from "./i18n/format";
import { setZone } from "./zone";

/** 19:30 in London on the 20th is 01:00 on the 21st in Ernakulam. */
const LATE = Date.UTC(2026, 10, 20, 19, 30);

afterEach(() => setZone(null));

it("moments and today are those of the facility, whatever zone the computer was set to", () => {
  const format = createFormat("en", (key) => key);
  setZone(330);
  expect(format.dateTime(LATE)).toBe("21-Nov-2026 01:00");
  expect(todayHere(LATE)).toBe("2026-11-21");
  setZone(0);
  expect(format.dateTime(LATE)).toBe("20-Nov-2026 19:30");
  expect(todayHere(LATE)).toBe("2026-11-20");
});
