import { expect, it } from "vitest";
import { earliest, PERIODS, spanOf } from "./period";

it("a period is the days that people mean by it", () => {
  const of = (today: string) => Object.fromEntries(PERIODS.map((each) => [each, spanOf(each, today)]));
  expect(of("2026-03-01")).toEqual({
    today: { first: "2026-03-01", last: "2026-03-01" },
    yesterday: { first: "2026-02-28", last: "2026-02-28" },
    week: { first: "2026-02-22", last: "2026-02-28" },
    days30: { first: "2026-01-30", last: "2026-02-28" },
    month: { first: "2026-03-01", last: "2026-03-01" },
    month_before: { first: "2026-02-01", last: "2026-02-28" },
    own: { first: "2026-01-30", last: "2026-02-28" },
  });
  expect(of("2026-01-31").month_before).toEqual({ first: "2025-12-01", last: "2025-12-31" });
});

it("a year and a day is the longest", () => {
  expect(earliest("2026-11-23")).toBe("2025-11-23");
});
