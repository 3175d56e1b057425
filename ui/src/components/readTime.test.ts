import { expect, it } from "vitest";
import { clock, readTime } from "./readTime";

function check(typed: string, expected: string) {
  const reading = readTime(typed, 13 * 60 + 5);
  expect(reading.kind === "time" ? clock(reading.minutes) : reading.kind).toBe(expected);
}

it("reads a time however it is typed", () => {
  check("1305", "13:05");
  check("13:05", "13:05");
  check("13.05", "13:05");
  check("905", "09:05");
  check("9", "09:00");
  check("23", "23:00");
  check("0", "00:00");
  check("1.05pm", "13:05");
  check("12am", "00:00");
  check("12 pm", "12:00");
});

it("understands now and minutes ago, also across midnight", () => {
  check("now", "13:05");
  check("-10", "12:55");
  check("-786", "23:59");
});

it("refuses hours and minutes that do not exist", () => {
  check("24", "problem");
  check("2400", "problem");
  check("1360", "problem");
  check("13pm", "problem");
  check("later", "problem");
  check("", "blank");
});
