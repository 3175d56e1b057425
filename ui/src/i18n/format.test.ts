import { createIntl } from "react-intl";
import { expect, it } from "vitest";
import type { Language } from "../preferences";
import { createFormat } from "./format";
import { textsWithFallback } from "./texts";

function formatIn(language: Language) {
  const intl = createIntl({ locale: language, messages: textsWithFallback(language) });
  return createFormat(language, (key, values) => String(intl.formatMessage({ id: key }, values)));
}
const en = formatIn("en");
const ml = formatIn("ml");
const AT = new Date(2026, 10, 20, 13, 5).getTime();
const MINUTE_MS = 60_000;

it("dates stand day, month, year in both languages", () => {
  expect(en.date("2026-11-20")).toBe("20-Nov-2026");
  expect(en.date("2026-09-04")).toBe("04-Sep-2026");
  expect(ml.date("2026-11-20")).toBe("20-നവം-2026");
  expect(en.dateLong("2026-11-04")).toBe("4 November 2026");
  expect(ml.dateLong("2026-11-04")).toBe("4 നവംബർ 2026");
});

it("moments are told in local time, 24 hours", () => {
  expect(en.time(AT)).toBe("13:05");
  expect(en.dateTime(AT)).toBe("20-Nov-2026 13:05");
});

it("numbers are grouped as in India and blanks are said", () => {
  expect(en.number(1_234_567)).toBe("12,34,567");
  expect(ml.number(1_234_567)).toBe("12,34,567");
  expect(en.number(null)).toBe("Not recorded");
  expect(en.number(0)).toBe("0");
  expect(en.decimal(368, 1)).toBe("36.8");
  expect(en.decimal(-5, 1)).toBe("−0.5");
  expect(en.delta(-2)).toBe("−2");
  expect(en.delta(0)).toBe("±0");
});

it("ages are told as ward notes do, at every edge", () => {
  const age = (born: string) => en.age(born, "2026-11-20");
  expect(age("2026-11-20")).toBe("0 d");
  expect(age("2026-10-24")).toBe("27 d");
  expect(age("2026-10-23")).toBe("4 wk");
  expect(age("2025-11-21")).toBe("52 wk");
  expect(age("2025-11-20")).toBe("12 mo");
  expect(age("2024-11-21")).toBe("23 mo");
  expect(age("2024-11-20")).toBe("2 y");
  expect(age("2020-08-20")).toBe("6 y 3 mo");
  expect(age("1964-03-04")).toBe("62 y");
  expect(age("1964-11-21")).toBe("61 y");
  expect(age("2027-01-01")).toBe("Not recorded");
});

it("figures from elsewhere say when they were true", () => {
  expect(en.ago(AT, AT + 30_000)).toBe("just now");
  expect(en.ago(AT, AT + 59 * MINUTE_MS)).toBe("59 min ago");
  expect(en.ago(AT, AT + 47 * 60 * MINUTE_MS)).toBe("47 h ago");
  expect(en.ago(AT, AT + 48 * 60 * MINUTE_MS)).toBe("2 d ago");
  expect(en.asOf(AT, AT + MINUTE_MS)).toBe("as of 13:05");
  expect(en.asOf(AT, AT + 24 * 60 * MINUTE_MS)).toBe("as of 20-Nov-2026 13:05");
  expect(en.asOf(null, AT)).toBe("never received");
});
