import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDate, shifted, type YearRule } from "./readDate";

const TODAY = "2026-11-20";

function check(typed: string, expected: string, rule?: YearRule, today = TODAY) {
  const reading = readDate(typed, today, rule);
  expect(reading.kind === "date" ? reading.iso : reading.kind === "problem" ? reading.code : "blank").toBe(
    expected,
  );
}

describe("a date as people type it", () => {
  it("day and month without a year", () => {
    check("2011", "2026-11-20");
    check("20/11", "2026-11-20");
    check("1/2", "2027-02-01");
    check("20 nov", "2026-11-20");
    check("20november", "2026-11-20");
  });
  it("near days by word and by sign", () => {
    check("today", "2026-11-20");
    check(" T ", "2026-11-20");
    check("-1", "2026-11-19");
    check("+1", "2026-11-21");
    check("yesterday", "2026-11-19");
    check("ഇന്ന്", "2026-11-20");
    check("ഇന്നലെ", "2026-11-19");
  });
  it("with a year of two or four figures", () => {
    check("040364", "1964-03-04", "past");
    check("04031964", "1964-03-04");
    check("4.3.64", "1964-03-04");
    check("20-Nov-2026", "2026-11-20");
    check("2026-11-20", "2026-11-20");
    check("4/3/25", "2025-03-04", "past");
  });
  it("a day without a year takes the nearest year, or the last for births", () => {
    check("2812", "2025-12-28", "nearest", "2026-01-03");
    check("0301", "2027-01-03", "nearest", "2026-12-28");
    check("2111", "2025-11-21", "past");
    check("1911", "2027-11-19", "future");
  });
  it("leap days and days that do not exist", () => {
    check("29/2/2024", "2024-02-29");
    check("29/2/2026", "no_such_day");
    check("3113", "no_such_day");
    check("31/4", "no_such_day");
    check("0000", "no_such_day");
  });
  it("blank is blank and nonsense is a problem", () => {
    check("  ", "blank");
    check("soon", "not_a_date");
    check("1", "not_a_date");
    check("12345", "not_a_date");
  });
  it("every day reads back however it is written", () => {
    fc.assert(
      fc.property(fc.integer({ min: -40_000, max: 20_000 }), (days) => {
        const iso = shifted(TODAY, days);
        const [year, month, day] = iso.split("-");
        for (const typed of [iso, `${day}/${month}/${year}`, `${day}${month}${year}`]) {
          expect(readDate(typed, TODAY)).toEqual({ kind: "date", iso });
        }
      }),
    );
  });
});
