// SPDX-License-Identifier: LGPL-2.1-or-later
// Shortcuts as the elements of the pages declare them, and as somebody changes them.
// TAP. test-keys.mjs BOORU-HOST
import assert from "node:assert";
import { Host, makePicture, nav, runTests, waves } from "./browser-host.mjs";

const FILES = {
  "waves.png": makePicture(120, 80, waves),
  "turned.png": makePicture(80, 120, (x, y) => waves(y, 1 - x)),
  "steep.png": makePicture(90, 90, (x, y) => waves(3 * x, y * y)),
};

const host = new Host(process.argv[2], FILES);
const pathOf = (page) => {
  const { pathname, searchParams } = new URL(page.url());
  searchParams.delete("n"); // the place in the search
  return pathname + (searchParams.size ? `?${searchParams}` : "");
};
const press = (page, key) => nav(page, page.keyboard.press(key));

// Keys that turn pages need pages.
async function openInPages() {
  const page = await host.open();
  await page.addInitScript(() => localStorage.setItem("booru.view", '{"endless":false}'));
  return page;
}

async function openSheet(page) {
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
}

const tests = {
  async "Danbooru's keys turn pages, search and go to places"() {
    const page = await openInPages();
    await page.goto("/posts?limit=1");
    await press(page, "d");
    assert.strictEqual(pathOf(page), "/posts?limit=1&page=2");
    await press(page, "ArrowRight");
    assert.strictEqual(pathOf(page), "/posts?limit=1&page=3");
    await press(page, "a");
    assert.strictEqual(pathOf(page), "/posts?limit=1&page=2");
    await page.keyboard.press("q");
    assert.strictEqual(await page.locator("#search:focus").count(), 1);
    await page.keyboard.type("daq");
    assert.strictEqual(await page.locator("#search").inputValue(), "daq");
    await page.keyboard.press("Escape");
    await page.keyboard.press("g");
    await press(page, "t");
    assert.strictEqual(pathOf(page), "/tags");
  },

  async "the sheet lists what the page declares, and Escape closes it"() {
    const page = await host.open();
    await page.goto("/posts/2");
    await openSheet(page);
    assert.strictEqual(await page.getByLabel("Edit tags").inputValue(), "e");
    assert.strictEqual(await page.getByLabel("Next post").inputValue(), "d right");
    assert.strictEqual(await page.getByLabel("Next page").count(), 0);
    await page.keyboard.press("Escape");
    assert.strictEqual(await page.getByRole("dialog").count(), 0);
  },

  async "other keys, and none, are remembered on all pages"() {
    const page = await openInPages();
    await page.goto("/posts/2");
    await openSheet(page);
    await page.getByLabel("Next post").fill("n");
    await page.getByLabel("Previous post").fill("");
    await page.getByLabel("Edit tags").fill("n");
    await page.getByLabel("Edit tags").press("Tab");
    assert.match(await page.getByRole("dialog").innerText(), /Also: Next post/);
    await page.getByLabel("Edit tags").fill("t");
    await page.getByRole("button", { name: "Close" }).click();

    await page.keyboard.press("d");
    await page.keyboard.press("ArrowLeft");
    assert.strictEqual(pathOf(page), "/posts/2");
    await press(page, "n");
    assert.strictEqual(pathOf(page), "/posts/1");
    const next = page.locator("a[rel=prev]");
    assert.strictEqual(await next.getAttribute("aria-keyshortcuts"), null);
    await page.keyboard.press("t");
    await page.locator("#tag-string:focus").waitFor();

    await page.goto("/posts?limit=1");
    await press(page, "n");
    assert.strictEqual(pathOf(page), "/posts?limit=1&page=2");
    await openSheet(page);
    await page.getByRole("button", { name: "Use the default keys" }).click();
    await page.getByRole("button", { name: "Close" }).click();
    await press(page, "d");
    assert.strictEqual(pathOf(page), "/posts?limit=1&page=3");
  },

  async "all of them can be switched off, and on again"() {
    const page = await host.open();
    await page.goto("/posts/2");
    await openSheet(page);
    await page.getByLabel("Shortcuts are on").uncheck();
    await page.keyboard.press("Escape");
    await page.reload();
    await page.keyboard.press("d");
    await page.keyboard.press("?");
    assert.strictEqual(pathOf(page), "/posts/2");
    assert.strictEqual(await page.getByRole("dialog").count(), 0);
    assert.strictEqual(await page.locator("[aria-keyshortcuts]").count(), 0);
    await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
    await page.getByLabel("Shortcuts are on").check();
    await page.keyboard.press("Escape");
    await press(page, "d");
    assert.strictEqual(pathOf(page), "/posts/1");
  },

  async "without scripts no shortcut is promised"() {
    const page = await host.open({ scripts: false });
    await page.goto("/posts/2");
    assert.strictEqual(await page.locator("[aria-keyshortcuts]").count(), 0);
    assert.ok(!await page.locator("#keys").isVisible());
  },

  async "nothing complains"() {
    assert.deepStrictEqual(host.complaints, []);
  },
};

runTests(host, 3, tests);
