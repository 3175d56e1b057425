/** The codes that the desk, the window's process and the server can answer, read from their sources, against the words of the window. */
import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { textsOf } from "./texts";

const root = path.resolve(import.meta.dirname, "../../..");

/** The Rust sources below a folder, without its tests. */
function sourcesIn(folder: string): string[] {
  return fs
    .readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".rs"))
    .map((name) => fs.readFileSync(path.join(root, folder, name), "utf8"));
}

/** What the first group of each pattern finds, each once. */
function codesIn(sources: readonly string[], ...patterns: RegExp[]): string[] {
  const found = sources.flatMap((source) =>
    patterns.flatMap((pattern) => [...source.matchAll(pattern)].map((match) => match[1] ?? "")),
  );
  return [...new Set(found)].sort();
}

const refusals = codesIn(
  [
    ...sourcesIn("crates/desk/src"),
    ...sourcesIn("src-tauri/src"),
    ...sourcesIn("crates/server/src/http"),
    fs.readFileSync(path.join(root, "crates/domain/src/password.rs"), "utf8"),
    fs.readFileSync(path.join(root, "crates/server/src/entry/sign_in.rs"), "utf8"),
  ],
  /Failure::new\(\s*"([a-z_]+)"/g,
  /(?:Error|Strength|Wanted)::\w+(?:\(_\))? => "([a-z_]+)"/g,
  /BadInvitation::\w+ => "([a-z_]+)"/g,
  /Refusal::new\(\s*StatusCode::\w+,\s*"([a-z_]+)"/g,
);
const problems = codesIn(
  [fs.readFileSync(path.join(root, "crates/domain/src/codes/problems.rs"), "utf8")],
  /\(\s*"([a-z_]+)",\s*"/g,
);

describe.each(["en", "ml"] as const)("the words in %s", (language) => {
  const words = textsOf(language);
  const missing = (keys: readonly string[]) => keys.filter((key) => !(key in words));

  it("say of every refusal what happened, what is safe and what to do", () => {
    expect(missing(refusals.flatMap((code) => [`problem.${code}`, `problem.${code}.what`]))).toEqual([]);
  });

  it("say of every problem of a draft what is wrong", () => {
    expect(missing(problems.map((code) => `problem.${code}`))).toEqual([]);
  });
});

it("the codes are found where they are written", () => {
  expect(refusals).toEqual(
    expect.arrayContaining(["offline", "undo_too_late", "invitation_plain", "unknown_view"]),
  );
  expect(refusals).toEqual(expect.arrayContaining(["not_accepted", "busy", "failed", "no_key_store"]));
  expect(problems).toEqual(
    expect.arrayContaining(["already_admitted", "allergies_contradict", "wrong_type"]),
  );
});
