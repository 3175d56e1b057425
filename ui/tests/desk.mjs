/**
 * The desk behind the pictures: recorded answers and the pages to look at, read from tests/desk/*.json. Each file is
 * one part of the window: `{ "answers": {…}, "pages": [{ "name", "address", "answers"?, "steps"?, "wait"? }] }`.
 * README.md says how to add to it.
 */
import fs from "node:fs";
import path from "node:path";

/** The moment at which every picture is taken: 20-Nov-2026 13:05 in Kochi. */
export const NOW = new Date("2026-11-20T13:05:00+05:30");

/** All answers and pages. */
export function recordedDesk() {
  const folder = path.resolve(import.meta.dirname, "desk");
  const parts = fs
    .readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => JSON.parse(fs.readFileSync(path.join(folder, name), "utf8")));
  return {
    answers: Object.assign({}, ...parts.map((part) => part.answers ?? {})),
    pages: parts.flatMap((part) => part.pages ?? []),
  };
}

/**
 * Runs in the window: answers one command. The most exact key wins: `view bed_board {"ward":"w1"}`, then
 * `view bed_board`; other commands by `save {…}`, then `save`. `{ "refused": { "code": … } }` is thrown, and
 * `"now-300"` anywhere in an answer becomes the moment five minutes ago.
 */
export function answerFrom(answers, now_ms, command, args) {
  const isView = command === "view";
  const name = isView ? `view ${args.name}` : command;
  const exact = `${name} ${JSON.stringify((isView ? args.args : args) ?? null)}`;
  const key = exact in answers ? exact : name;
  const timed = (value) => {
    if (typeof value === "string" && /^now[+-]\d+$/.test(value))
      return now_ms + Number(value.slice(3)) * 1000;
    if (Array.isArray(value)) return value.map(timed);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, timed(inner)]));
  };
  if (!(key in answers)) throw { code: "unknown_command", numbers: { asked: exact }, problems: [] };
  const answer = timed(answers[key]);
  if (answer?.refused) throw { numbers: {}, problems: [], ...answer.refused };
  return isView ? { as_of: 1, data: answer } : answer;
}
