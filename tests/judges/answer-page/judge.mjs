// Judges a page: node judge.mjs URL [DIRECTORY]
//
// Opens the page in Chromium (CHROMIUM, or /usr/bin/chromium) as a phone and as a desk, writes a picture of each
// into the directory, and fails on any violation that axe-core finds, on anything that the page's own policy
// refuses, on a request to anywhere else, and on a page that is wider than a phone. A page with a form is then sent
// off empty, which changes nothing, and what comes back is judged in the same way.

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [url, directory = "."] = process.argv.slice(2);
if (!url) {
  console.error("usage: node judge.mjs URL [DIRECTORY]");
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
for (const [name, viewport] of Object.entries(sizes)) {
  const context = await browser.newContext({
    viewport,
    isMobile: name !== "desk",
    hasTouch: name !== "desk",
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
  await page.screenshot({ path: join(directory, `answer-page-${name}.png`) });
  await judge(page, name);
  const send = page.locator("button[value=send]");
  if ((await send.count()) > 0) {
    await send.click();
    await page.waitForLoadState("load");
    await page.screenshot({ path: join(directory, `answer-page-${name}-wrong.png`) });
    if ((await page.locator("[role=alert]").count()) !== 1) {
      faults.push(`${name}: an empty answer is not refused`);
    }
    await judge(page, `${name}, sent off empty`);
  }
  await context.close();
}
await browser.close();
for (const fault of faults) {
  console.error(fault);
}
process.exit(faults.length === 0 ? 0 : 1);
