// Judges a page: node judge.mjs [--answer] URL [DIRECTORY]
//
// Opens the page in Chromium (CHROMIUM, or /usr/bin/chromium) as a phone and as a desk, writes a picture of each
// into the directory, and fails on any violation that axe-core finds, on anything that the page's own policy
// refuses, on a request to anywhere else, and on a page that is wider than a phone. A page with a form is then sent
// off empty, which changes nothing, and what comes back is judged in the same way.
//
// With --answer the page is kept for later, gone on with and answered, which uses the link up. The page that says
// that it is kept and the one that says thank you are judged at each width.

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";

const words = process.argv.slice(2);
const answers = words[0] === "--answer";
const [url, directory = "."] = answers ? words.slice(1) : words;
if (!url) {
  console.error("usage: node judge.mjs [--answer] URL [DIRECTORY]");
  process.exit(64);
}
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const sizes = {
  narrow: { width: 360, height: 740 },
  phone: { width: 390, height: 844 },
  desk: { width: 1280, height: 900 },
};
const faults = [];

async function judge(page, name) {
  // The page's policy allows no script: axe is put in by the browser itself, past the policy.
  await page.evaluate(axe);
  const result = await page.evaluate(() => globalThis.axe.run(document));
  console.log(`${name}: ${result.passes.length} rules passed, ${result.incomplete.length} undecided`);
  for (const rule of result.incomplete) {
    console.log(`  undecided ${rule.id}: ${rule.nodes.map((node) => node.target.join(" ")).slice(0, 3).join("; ")}`);
  }
  for (const rule of result.violations) {
    faults.push(`${name}: ${rule.id}: ${rule.help}: ${rule.nodes.map((node) => node.target.join(" ")).join("; ")}`);
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 0) {
    faults.push(`${name}: ${wide} pixels wider than the screen`);
  }
}

mkdirSync(directory, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});

// A page that tells everything that is wrong with it.
async function open(name, viewport, isMobile) {
  const context = await browser.newContext({
    viewport,
    isMobile,
    hasTouch: isMobile,
    locale: process.env.LOCALE ?? "en",
  });
  const page = await context.newPage();
  page.on("console", (message) => {
    // A browser asks for an icon by itself, and the answer to a wrong form is 422.
    if (message.type() === "error" && !/favicon|status of 4\d\d/.test(message.text() + message.location().url)) {
      faults.push(`${name}: ${message.text()}`);
    }
  });
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) {
      faults.push(`${name}: asks ${request.url()}`);
    }
  });
  await page.goto(url, { waitUntil: "load" });
  return page;
}

async function picture(page, name) {
  await page.screenshot({ path: join(directory, `answer-page-${name}.png`) });
}

// Presses a button and waits for the page that comes of it.
async function press(page, value) {
  await Promise.all([page.waitForEvent("load"), page.locator(`button[value=${value}]`).click()]);
}

async function show() {
  for (const [name, viewport] of Object.entries(sizes)) {
    const page = await open(name, viewport, name !== "desk");
    await picture(page, name);
    await judge(page, name);
    if ((await page.locator("button[value=send]").count()) > 0) {
      await press(page, "send");
      await picture(page, `${name}-wrong`);
      if ((await page.locator("[role=alert]").count()) !== 1) {
        faults.push(`${name}: an empty answer is not refused`);
      }
      await judge(page, `${name}, sent off empty`);
    }
    await page.context().close();
  }
}

async function answer() {
  const page = await open("answer", sizes.phone, false);
  const atEachWidth = async (name) => {
    for (const [size, viewport] of Object.entries(sizes)) {
      await page.setViewportSize(viewport);
      await picture(page, `${size}-${name}`);
      await judge(page, `${size}, ${name}`);
    }
  };
  await page.locator("input[type=radio]").last().check();
  await press(page, "later");
  await atEachWidth("saved");
  await page.goto(url, { waitUntil: "load" });
  if (!(await page.locator("input[type=radio]").last().isChecked())) {
    faults.push("answer: what was kept for later is not there");
  }
  await press(page, "send");
  if ((await page.locator("form").count()) !== 0) {
    faults.push("answer: it is not taken");
  }
  await atEachWidth("thanks");
  const again = await page.goto(url, { waitUntil: "load" });
  if (again.status() !== 410) {
    faults.push(`answer: the link can be used again: ${again.status()}`);
  }
  await page.context().close();
}

await (answers ? answer() : show());
await browser.close();
for (const fault of faults) {
  console.error(fault);
}
process.exit(faults.length === 0 ? 0 : 1);
