/**
 * Draws the built window in headless Chromium without server or port, looks at every page of tests/desk/*.json, and
 * fails on a serious accessibility violation, a page that scrolls sideways, or an error in the console. Pictures go to
 * ui/shots/. `node tests/shots.mjs beds` looks only at what has "beds" in its name; `--all` takes every size, theme
 * and language together instead of one light English and one dark Malayalam look. DIST and SHOTS name other folders.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import axe from "axe-core";
import { chromium } from "playwright-core";
import { answerFrom, NOW, recordedDesk } from "./desk.mjs";

const dist = path.resolve(import.meta.dirname, "..", process.env.DIST ?? "dist-sink");
const shots = path.resolve(import.meta.dirname, "..", process.env.SHOTS ?? "shots");
const given = process.argv.slice(2);
const all = given.includes("--all");
const only = given.find((word) => !word.startsWith("--"));
const sizes = { 1366: { width: 1366, height: 768 }, 1093: { width: 1093, height: 614 } };
const looks = all
  ? ["1366", "1093"].flatMap((size) =>
      ["light", "dark"].flatMap((theme) => ["en", "ml"].map((language) => ({ size, theme, language }))),
    )
  : [
      { size: "1366", theme: "light", language: "en" },
      { size: "1093", theme: "dark", language: "ml" },
    ];
const kinds = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};
const mocks = fs
  .readFileSync(new URL(import.meta.resolve("@tauri-apps/api/mocks")), "utf8")
  .replace(/^export \{([^}]*)\};?/m, "return {$1};");

/** The key of a text where its words should stand. */
const UNWORDED =
  /(?<![\w.-])(?:field|kind|code|problem|arriving|audit|beds|census|desks|inbox|layout|movement|password|patients|settings|stock|sync|triage|ui)\.[a-z_]+(?:\.[a-z_]+)*/g;

/** Serves the built files and answers the window's calls. */
async function prepare(page, preferences, answers, errors) {
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (line) => line.type() === "error" && errors.push(line.text()));
  await page.clock.setFixedTime(NOW);
  await page.route("http://tauri.localhost/**", (route) => {
    const asked = new URL(route.request().url()).pathname;
    const file = path.join(dist, asked === "/" ? "index.html" : asked);
    if (!fs.existsSync(file)) return route.fulfill({ status: 404 });
    return route.fulfill({
      body: fs.readFileSync(file),
      contentType: kinds[path.extname(file)] ?? "application/octet-stream",
    });
  });
  await page.addInitScript(`{
    localStorage.setItem("wardroom.preferences", ${JSON.stringify(JSON.stringify(preferences))});
    const mocks = (() => { ${mocks} })();
    window.recordedAnswers = ${JSON.stringify(answers)};
    const answerFrom = ${answerFrom};
    mocks.mockWindows("main");
    mocks.mockIPC((command, args) => answerFrom(window.recordedAnswers, ${NOW.getTime()}, command, args ?? {}), { shouldMockEvents: true });
  }`);
}

/** Waits until what is on the page is painted in its own fonts. */
async function settled(page) {
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  });
  await page.waitForTimeout(250);
}

/** Runs in the window: the words of the rail that touch the bar of an open page, or go on over a second line in a word. */
function crowdedInRail() {
  const BAR_AND_AIR = 3 + 2;
  return [...document.querySelectorAll("nav a:has(svg + span)")].flatMap((link) => {
    const range = document.createRange();
    range.selectNodeContents(link.querySelector("span"));
    const { left, right } = link.getBoundingClientRect();
    const lines = [...range.getClientRects()];
    const room = Math.min(...lines.flatMap((line) => [line.left - left, right - line.right]));
    const isBroken =
      new Set(lines.map((line) => line.top)).size > link.textContent.trim().split(/\s+/).length;
    return room < BAR_AND_AIR || isBroken ? [`${link.textContent.trim()} (${room.toFixed(1)} px)`] : [];
  });
}

/** Runs in the window: whether a question that cannot be taken back has to be scrolled to be read. */
function isQuestionCut() {
  const boxes = [...document.querySelectorAll("[role=alertdialog] *")];
  return boxes.some(
    (box) => getComputedStyle(box).overflowY === "auto" && box.scrollHeight > box.clientHeight,
  );
}

async function check(page, name, part = "html") {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  const found = wide ? [`${name}: scrolls sideways`] : [];
  if (await page.evaluate(isQuestionCut)) found.push(`${name}: a question has to be scrolled`);
  for (const word of await page.evaluate(crowdedInRail))
    found.push(`${name}: no room in the rail for ${word}`);
  // biome-ignore lint/performance/useDomNodeTextContent: in textContent the words of neighbours run together.
  const written = await page.locator("body").innerText();
  for (const [key] of written.matchAll(UNWORDED)) found.push(`${name}: has no words for ${key}`);
  await page.evaluate(axe.source);
  const result = await page.evaluate(
    // What React Aria reads aloud names a button that may be gone by then.
    (within) =>
      window.axe.run(
        { include: [[within]], exclude: [["[data-live-announcer]"]] },
        { resultTypes: ["violations"] },
      ),
    part,
  );
  for (const one of result.violations) {
    const line = `${name}: ${one.impact} ${one.id} ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`;
    if (one.impact === "serious" || one.impact === "critical") found.push(line);
    else console.log("minor", line);
  }
  return found;
}

/** One picture and one check of what is on the page now. */
async function look(page, name, part, fullPage = false) {
  await settled(page);
  await page.screenshot({ path: path.join(shots, `${name}.png`), fullPage });
  return check(page, name, part);
}

/** Runs in the window: whether the focus is there, and seen. */
function isFocused(where) {
  const at = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(at);
  return at.matches(where) && outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0;
}

/** What a page's `steps` may say. Answers what was found. */
const STEPS = {
  press: (page, keys) => page.keyboard.press(keys),
  type: (page, words) => page.keyboard.type(words),
  click: (page, where) => page.locator(where).first().click(),
  fill: (page, where, words) => page.locator(where).first().fill(words),
  wait: (page, where) => page.locator(where).first().waitFor(),
  gone: (page, where) => page.locator(where).first().waitFor({ state: "hidden" }),
  address: (page, address) => page.waitForURL(`**/#${address}`),
  scroll: (page, where) => page.locator(where).first().scrollIntoViewIfNeeded(),
  focused: (page, where) => page.waitForFunction(isFocused, where, { timeout: 10_000 }),
  answer: (page, asked, answer) =>
    page.evaluate(
      ([asked, answer]) => Object.assign(window.recordedAnswers, { [asked]: answer }),
      [asked, answer],
    ),
  sleep: (page, milliseconds) => page.waitForTimeout(milliseconds),
};

async function walk(page, name, steps) {
  const found = [];
  for (const [step, ...rest] of steps) {
    if (step === "look") found.push(...(await look(page, `${name}-${rest[0]}`, rest[1])));
    else await STEPS[step](page, ...rest);
  }
  return found;
}

async function visit(browser, recorded, { size, theme, language }) {
  const name = `${recorded.name}-${size}-${theme}-${language}`;
  const context = await browser.newContext({ viewport: sizes[size], timezoneId: "Asia/Kolkata" });
  const page = await context.newPage();
  const errors = [];
  const found = [];
  try {
    await prepare(page, { language, theme }, { ...desk.answers, ...recorded.answers }, errors);
    await page.goto(`http://tauri.localhost/#${recorded.address}`);
    await page
      .locator(recorded.wait ?? "h1")
      .first()
      .waitFor({ timeout: 10_000 });
    found.push(...(await look(page, name, "html", true)));
    found.push(...(await walk(page, name, recorded.steps ?? [])));
  } catch (thrown) {
    await page.screenshot({ path: path.join(shots, `${name}-stopped.png`) });
    found.push(`${name}: ${String(thrown).split("\n", 4).join(" ")}`);
  }
  await context.close();
  return [...found, ...errors.map((error) => `${name}: ${error}`)];
}

fs.mkdirSync(shots, { recursive: true });
const desk = recordedDesk();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell",
  args: ["--no-sandbox"],
});
const found = [];
for (const recorded of desk.pages) {
  if (only && !recorded.name.includes(only)) continue;
  for (const one of looks) found.push(...(await visit(browser, recorded, one)));
}
await browser.close();
assert.deepEqual(found, [], found.join("\n"));
console.log("every page drawn, no serious violation");
