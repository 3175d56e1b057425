/**
 * Draws the built window in headless Chromium without server or port, looks at every page of the frame and at the
 * kitchen sink in both languages, themes and sizes, and fails on a serious accessibility violation, a page that
 * scrolls sideways, or an error in the console. Pictures go to ui/shots/.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import axe from "axe-core";
import { chromium } from "playwright-core";

const dist = path.resolve(import.meta.dirname, "..", process.env.DIST ?? "dist-sink");
const shots = path.resolve(import.meta.dirname, "../shots");
const only = process.argv[2];
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
const answers = {
  session: {
    state: "signed_in",
    person: { id: "p1", name: "Anju Thomas", role: "nurse" },
    facility: { id: "f1", name: "General Hospital, Ernakulam" },
    training: false,
  },
  sync_state: {
    state: "waiting",
    waiting: 3,
    conflicts: 0,
    checked_ms: 0,
    oldest_waiting_ms: 0,
    now_ms: 60_000,
  },
};
const pages = { sink: "/dev/kitchen-sink", warroom: "/" };
const sizes = { 1366: { width: 1366, height: 768 }, 1093: { width: 1093, height: 614 } };

/** Serves the built files and answers the window's calls. */
async function prepare(page, preferences, errors) {
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (line) => line.type() === "error" && errors.push(line.text()));
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
    const answers = ${JSON.stringify(answers)};
    mocks.mockIPC((command) => {
      if (command in answers) return answers[command];
      throw { code: "unknown_command", details: { command } };
    }, { shouldMockEvents: true });
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

async function check(page, name, part = "html") {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  const found = wide ? [`${name}: scrolls sideways`] : [];
  await page.evaluate(axe.source);
  const result = await page.evaluate(
    (within) => window.axe.run(within, { resultTypes: ["violations"] }),
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
async function look(page, name, part) {
  await settled(page);
  await page.screenshot({ path: path.join(shots, `${name}.png`) });
  return check(page, name, part);
}

/** What floats above a page of the frame, and the keys that lead from page to page. */
async function frame(page, name) {
  const found = [];
  for (const [step, keys] of [
    ["palette", "Control+k"],
    ["keys", "Shift+?"],
  ]) {
    await page.keyboard.press(keys);
    await page.getByRole("dialog").waitFor();
    found.push(...(await look(page, `${name}-${step}`)));
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
  }
  for (const [keys, address] of [
    ["Alt+2", "/beds"],
    ["/", "/patients"],
    ["Control+n", "/patients/new"],
    ["Alt+1", "/"],
  ]) {
    await page.keyboard.press(keys);
    await page.waitForURL(`**/#${address}`);
  }
  return found;
}

/** What drops out of the kitchen sink's fields and buttons. */
async function sink(page, name) {
  const found = [];
  await page.locator("[data-opens=confirm]").locator("button").click();
  await page.getByRole("alertdialog").waitFor();
  found.push(...(await look(page, `${name}-confirm`)));
  await page.keyboard.press("Escape");
  await page.locator("[data-opens=menu]").locator("button").click();
  await page.getByRole("menu").waitFor();
  found.push(...(await look(page, `${name}-menu`)));
  await page.getByRole("menuitem").nth(2).click();
  const ward = page.locator("[data-field=ward] input");
  await ward.scrollIntoViewIfNeeded();
  await page.waitForTimeout(300);
  await ward.click();
  await page.getByRole("listbox").waitFor();
  found.push(...(await look(page, `${name}-choices`, "[role=listbox]")));
  await page.getByRole("option").nth(1).click();
  assert.notEqual(await ward.inputValue(), "");
  return found;
}

fs.mkdirSync(shots, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell",
  args: ["--no-sandbox"],
});
const found = [];
for (const language of ["en", "ml"]) {
  for (const theme of ["light", "dark"]) {
    for (const [size, viewport] of Object.entries(sizes)) {
      for (const [pageName, address] of Object.entries(pages)) {
        const name = `${pageName}-${size}-${theme}-${language}`;
        if (only && !name.includes(only)) continue;
        const context = await browser.newContext({ viewport });
        const page = await context.newPage();
        const errors = [];
        await prepare(page, { language, theme }, errors);
        await page.goto(`http://tauri.localhost/#${address}`);
        await page.getByRole("heading", { level: 1 }).waitFor();
        await settled(page);
        await page.screenshot({ path: path.join(shots, `${name}.png`), fullPage: true });
        found.push(...(await check(page, name)));
        found.push(...(await (pageName === "sink" ? sink : frame)(page, name)));
        found.push(...errors.map((error) => `${name}: ${error}`));
        await context.close();
      }
    }
  }
}
await browser.close();
assert.deepEqual(found, [], found.join("\n"));
console.log("every page drawn, no serious violation");
