import fc from "fast-check";
import { expect, it } from "vitest";
import { readNumber, writtenNumber } from "./readNumber";

function check(typed: string, places: number, expected: number | string) {
  const reading = readNumber(typed, places);
  expect(reading.kind === "number" ? reading.scaled : reading.kind === "blank" ? "blank" : reading.code).toBe(
    expected,
  );
}

it("keeps a blank blank and takes 0 only when it is typed", () => {
  check("", 0, "blank");
  check("   ", 1, "blank");
  check("0", 0, 0);
  check("000", 0, 0);
  check("-0", 0, 0);
});

it("scales decimals to whole numbers", () => {
  check("36.8", 1, 368);
  check("36", 1, 360);
  check(".5", 1, 5);
  check("36.80", 1, 368);
  check("-1.25", 2, -125);
});

it("takes grouping and refuses words and too many places", () => {
  check("12,34,567", 0, 1_234_567);
  check("1 000", 0, 1000);
  check("twelve", 0, "not_a_number");
  check(".", 1, "not_a_number");
  check("36.85", 1, "too_many_places");
  check("1.5", 0, "too_many_places");
});

it("reads back what it writes", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 3 }), (scaled, places) => {
      expect(readNumber(writtenNumber(scaled, places), places)).toEqual({ kind: "number", scaled });
    }),
  );
});
