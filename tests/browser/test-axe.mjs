// SPDX-License-Identifier: LGPL-2.1-or-later
// What axe finds wrong with the accessibility of pages: nothing. TAP. test-axe.mjs BOORU-HOST
import assert from "node:assert";
import { findOrSkip, Host, makePicture, runTests, waitFor, waves } from "./browser-host.mjs";

const PAGES = ["/posts", "/posts/1", "/upload", "/system", "/system/settings", "/duplicates"];
const SCHEMES = { light: {}, dark: { dark: true }, forced: { forced: true } };
const FILES = {
  "waves.png": makePicture(600, 400, waves),
  "smaller.png": makePicture(300, 200, waves),
  "broken.png": makePicture(60, 40, waves).subarray(0, 60),
};

const { source } = findOrSkip("axe-core");
const host = new Host(process.argv[2], FILES);

async function examine(page, path) {
  await page.goto(path);
  await page.evaluate(() => document.querySelectorAll("details").forEach((fold) => {
    fold.open = true;
  }));
  if (path === "/posts" && await page.locator(".cell").count()) {
    await page.locator("#select").click();
    await page.locator("#post-1 a").click();
    await page.locator('[data-bulk="tags"]').click();
    await page.locator(".chip").first().waitFor();
  }
  await page.evaluate(source);
  const { violations } = await page.evaluate(() => axe.run({ resultTypes: ["violations"] }));
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${path}: ${id}: ${target}`));
}

const tests = {};
for (const [scheme, options] of Object.entries(SCHEMES)) {
  for (const width of [1280, 390]) {
    tests[`${scheme}, ${width} pixels wide`] = async () => {
      const page = await host.open({ ...options, width });
      const found = [];
      for (const path of PAGES) {
        found.push(...await examine(page, path));
      }
      assert.deepStrictEqual(found, []);
    };
  }
}

// Each part of the pages is there to be examined: tags of all categories, a pair, a failure.
runTests(host, 2, tests, async () => {
  await host.ask("/posts/1.json", "PUT", {
    "post[tag_string]": "artist:a copyright:b character:c meta:d sky",
    "post[source]": "https://example.org/1",
  });
  await waitFor(async () => (await host.ask("/duplicates.json")).length, "a pair");
});
