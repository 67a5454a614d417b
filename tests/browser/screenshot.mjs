// SPDX-License-Identifier: LGPL-2.1-or-later
// Makes the README's picture of a running booru-host.
//
//   npm install --prefix /tmp/browser playwright-core
//   ./start_booru.sh /usr/share/backgrounds /usr/share/wallpapers      (in another terminal)
//   NODE_PATH=/tmp/browser/node_modules node tests/browser/screenshot.mjs
//
// screenshot.mjs [--url URL] [--output FILE] [--size WIDTHxHEIGHT] [--scheme light|dark] [--full]
// CHROMIUM: the browser's program, else /usr/bin/chromium.
import { createRequire } from "node:module";
import { parseArgs } from "node:util";

const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];

const { values } = parseArgs({
  options: {
    url: { type: "string", default: "http://127.0.0.1:5000/posts" },
    output: { type: "string", default: "docs/screenshot.png" },
    size: { type: "string", default: "1440x900" },
    scheme: { type: "string", default: "light" },
    full: { type: "boolean", default: false },
  },
});

// Unlike import, require() looks into NODE_PATH.
const { chromium } = createRequire(import.meta.url)("playwright-core");

const [width, height] = values.size.split("x").map(Number);
if (!(width > 0 && height > 0)) {
  console.error(`--size is WIDTHxHEIGHT in pixels, not "${values.size}"`);
  process.exit(64);
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ARGUMENTS,
});
try {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: values.scheme });
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));

  await page.goto(values.url, { waitUntil: "load" });
  // Pictures in view are loaded and decoded; those further down may wait.
  await page.evaluate(() => Promise.all([...document.images]
    .filter((image) => image.getBoundingClientRect().top < innerHeight)
    .map((image) => image.decode())));
  await page.screenshot({ path: values.output, fullPage: values.full });

  complaints.forEach((complaint) => console.error(`The page complained: ${complaint}`));
  process.exitCode = complaints.length > 0 ? 1 : 0;
} finally {
  await browser.close();
}
