import { createIntl } from "react-intl";
import { describe, expect, it } from "vitest";
import entitiesMl from "./entities.ml.json";
import { textsOf } from "./texts";

const sources = import.meta.glob<string>("../**/*.{ts,tsx}", {
  eager: true,
  query: "?raw",
  import: "default",
});
const written = import.meta.glob<Record<string, string>>("../generated/labels.en.json", {
  eager: true,
  import: "default",
});
const labels = Object.assign({}, ...Object.values(written)) as Record<string, string>;
const en = textsOf("en");
const ml = textsOf("ml");
const ours = (texts: Record<string, string>) =>
  Object.keys(texts)
    .filter((key) => !(key in labels))
    .sort();

describe("the words of the window", () => {
  it("every English text has a Malayalam one, and the other way round", () => {
    expect(ours(ml)).toEqual(ours(en));
  });

  it("Malayalam texts are in Malayalam letters, except names and signs", () => {
    const latin = Object.entries(ml).filter(
      ([key, text]) =>
        !/[\u0d00-\u0d7f]/.test(text) &&
        /[a-z]{3}/i.test(text.replaceAll(/\{[^}]*\}/g, "")) &&
        ours(ml).includes(key),
    );
    expect(latin).toEqual([]);
  });

  it("every text can be read, and both languages use the same places", () => {
    for (const key of ours(en)) {
      const places = (text: string | undefined) => [...new Set(text?.match(/\{\w+(?=[,}])/g))].sort();
      expect(places(ml[key]), key).toEqual(places(en[key]));
      for (const [language, texts] of [
        ["en", en],
        ["ml", ml],
      ] as const) {
        const intl = createIntl({
          locale: language,
          messages: texts,
          onError: (error) => {
            throw error;
          },
        });
        const values = Object.fromEntries(places(texts[key]).map((place) => [place.slice(1), 2]));
        expect(intl.formatMessage({ id: key }, values), key).not.toBe("");
      }
    }
  });

  it("every key named in the source exists", () => {
    const missing = Object.entries(sources).flatMap(([file, source]) =>
      file.includes(".test.")
        ? []
        : [...source.matchAll(/\bt\(\s*"([a-z0-9_]+(?:\.[a-z0-9_]+)+)"/g)]
            .map((found) => found[1] ?? "")
            .filter((key) => !(key in en))
            .map((key) => `${file}: ${key}`),
    );
    expect(missing).toEqual([]);
  });

  it("every Malayalam label belongs to a kind, a field or a code that exists", () => {
    expect(Object.keys(entitiesMl).filter((key) => !(key in en))).toEqual([]);
  });
});
