/** The Malayalam words of kinds, fields, hints and codes against the English ones that are written from the descriptions. */
import { describe, expect, it } from "vitest";
import en from "../generated/labels.en.json";
import ml from "./entities.ml.json";
import problems from "./problems/texts.ml.json";

type Texts = Record<string, string>;
const english: Texts = en;
const malayalam: Texts = { ...ml, ...problems };
const keys = Object.keys(english).sort();
const places = (text: string | undefined) => [...new Set(text?.match(/\{\w+(?=[,}])/g))].sort();

/** What wards write in Latin letters in either language: `ICU`, `SpO₂`, `PC-SIMV`, `m³`, `A+`. */
const isAbbreviation = (text: string) =>
  ["pH", "TrueNat"].includes(text) || (/[A-Z]{2}|[₂₃³+−]/.test(text) && !/[a-z]{2}/.test(text));

describe("the Malayalam words of kinds, fields and codes", () => {
  it("are the same keys as the English ones", () => {
    expect(Object.keys(malayalam).sort()).toEqual(keys);
  });

  it("hold the same places to fill", () => {
    for (const key of keys) expect(places(malayalam[key]), key).toEqual(places(english[key]));
  });

  it("are in Malayalam letters, except abbreviations, which stay as they are", () => {
    const latin = keys.filter((key) => !/[\u0d00-\u0d7f]/.test(malayalam[key] ?? ""));
    expect(latin.filter((key) => malayalam[key] !== english[key])).toEqual([]);
    expect(latin.filter((key) => !isAbbreviation(english[key] ?? ""))).toEqual([]);
  });

  it("say the same numbers", () => {
    const numbers = (text: string | undefined) => (text?.match(/\d+/g) ?? []).sort();
    const fields = keys.filter((key) => !key.startsWith("problem."));
    for (const key of fields) expect(numbers(malayalam[key]), key).toEqual(numbers(english[key]));
  });

  it("tell any two choices of a list apart", () => {
    const seen = new Map<string, string>();
    const alike: string[] = [];
    for (const key of keys.filter((key) => key.startsWith("code."))) {
      const shown = `${key.split(".")[1]}: ${malayalam[key]}`;
      const other = seen.get(shown);
      if (other !== undefined) alike.push(`${other} and ${key}`);
      seen.set(shown, key);
    }
    expect(alike).toEqual([]);
  });

  it("tell any two fields of a kind apart", () => {
    const seen = new Map<string, string>();
    const alike: string[] = [];
    for (const key of keys.filter((key) => key.startsWith("field.") && !key.endsWith(".hint"))) {
      const shown = `${key.split(".")[1]}: ${malayalam[key]}`;
      const other = seen.get(shown);
      if (other !== undefined) alike.push(`${other} and ${key}`);
      seen.set(shown, key);
    }
    expect(alike).toEqual([]);
  });
});
