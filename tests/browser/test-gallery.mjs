// SPDX-License-Identifier: LGPL-2.1-or-later
// The gallery as people use it: endless or in pages, by keyboard, with posts selected and changed.
// TAP. test-gallery.mjs BOORU-HOST
import assert from "node:assert";
import { gzipSync } from "node:zlib";
import { Host, makePicture, nav, runTests, waitFor } from "./browser-host.mjs";

const N = 130;
const PAGE = 40;
const BUDGET = 60 * 1024; // bytes of HTML, CSS and JS, compressed

const FILES = {};
for (let i = 0; i < N; i++) {
  const [width, height] = [[48, 32], [32, 48], [40, 40], [96, 32], [64, 36]][i % 5];
  FILES[`${String(i).padStart(3, "0")}.png`] = makePicture(width, height, (x, y) =>
    [(i * 37) % 256, 255 * x, (i * 91 + 128 * y) % 256, 255]);
}

const host = new Host(process.argv[2], FILES);
const cells = (page) => page.locator(".grid > .cell");
const bar = (page) => page.getByRole("region", { name: "Selected posts" });
const selected = (page) => page.locator(".tick:checked").count();
const tagsOf = async (id) => (await host.ask(`/posts/${id}.json`)).tag_string;
const count = async (tags) => (await host.ask(`/counts/posts.json?tags=${encodeURIComponent(tags)}`)).counts.posts;
const focusedId = (page) => page.evaluate(() => document.activeElement.closest(".cell")?.id ?? null);

async function openGallery(options, path = "/posts") {
  const page = await host.open(options);
  await page.addInitScript(() => {
    globalThis.shift = 0;
    globalThis.moved = [];
    new PerformanceObserver((list) => list.getEntries().filter((entry) => !entry.hadRecentInput).forEach((entry) => {
      const toText = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(" ");
      globalThis.shift += entry.value;
      globalThis.moved.push(...entry.sources.map(({ node, previousRect, currentRect }) =>
        `${node?.className || node?.nodeName}: ${toText(previousRect)} → ${toText(currentRect)}`));
    })).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(path);
  return page;
}

// Less than what can be seen counts as nothing: the head may be drawn before it is there as a whole.
async function requireStill(page) {
  const shift = await page.evaluate(() => globalThis.shift);
  assert.ok(shift < 0.005, `${shift}: ${await page.evaluate(() => globalThis.moved.join("; "))}`);
}

const scrollToEnd = (page, n) => waitFor(async () => {
  await page.mouse.wheel(0, 1500);
  return await cells(page).count() >= n;
}, `${n} tiles`);

async function waitForMessage(page, pattern) {
  const message = bar(page).getByRole("status");
  await waitFor(async () => pattern.test(await message.innerText()), String(pattern));
}

const tests = {
  async "it goes on by itself, each post once, and nothing moves"() {
    for (const width of [1280, 390]) {
      const page = await openGallery({ width });
      assert.strictEqual(await cells(page).count() % PAGE, 0);
      await scrollToEnd(page, N);
      const ids = await cells(page).evaluateAll((all) => all.map(({ id }) => id));
      assert.strictEqual(new Set(ids).size, N);
      await requireStill(page);
      await waitFor(() => /page=[34]$/.test(page.url()), "the address is that of what is in view");
      assert.match(await page.locator(".place").innerText(), /^\d+ \/ 130$/);
      await page.context().close();
    }
  },

  async "pictures far away are let go, and come back"() {
    const page = await openGallery({ width: 390 });
    await scrollToEnd(page, N);
    const held = () => page.locator('.cell img:not([srcset^="data:"])').count();
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await waitFor(async () => await held() < N, "some are let go");
    const first = page.locator(".cell img").first();
    await page.evaluate(() => scrollTo(0, 0));
    await waitFor(async () => !(await first.getAttribute("srcset")).startsWith("data:"), "the first is back");
    await page.context().close();
  },

  async "coming back leads to the same place"() {
    const page = await openGallery({ width: 1280 });
    await scrollToEnd(page, 2 * PAGE + 1);
    const cell = cells(page).nth(PAGE + 30);
    await cell.scrollIntoViewIfNeeded();
    const id = await cell.getAttribute("id");
    await cell.locator("a").click();
    await page.waitForURL(/\/posts\/\d+/);
    await page.goBack();
    const box = await waitFor(() => page.locator(`#${id}`).boundingBox(), "the tile");
    await waitFor(async () => {
      const { y, height } = await page.locator(`#${id}`).boundingBox();
      return y + height > 0 && y < 844;
    }, `the tile is on the screen, not at ${box.y}`);
    await page.context().close();
  },

  async "without endless scrolling, and without scripts, there are pages"() {
    const page = await openGallery({ width: 1280 });
    await page.getByText("View", { exact: true }).click();
    await page.getByLabel("Endless scrolling").uncheck();
    await page.reload();
    await page.locator("[rel=next]").scrollIntoViewIfNeeded();
    const before = await cells(page).count();
    await nav(page, page.locator("[rel=next]").click());
    assert.strictEqual(before, PAGE);
    assert.match(page.url(), /page=2$/);
    await page.context().close();

    const plain = await openGallery({ scripts: false });
    assert.ok(!await plain.locator("#select").isVisible());
    assert.strictEqual(await plain.locator(".tick").first().evaluate((box) => getComputedStyle(box).opacity), "1");
    await nav(plain, plain.locator("[rel=next]").click());
    assert.strictEqual(await cells(plain).count(), PAGE);
    await plain.context().close();
  },

  async "the size of the tiles is remembered, and the order is a link"() {
    const page = await openGallery({ width: 1280 });
    const height = async () => (await cells(page).first().boundingBox()).height;
    const medium = await height();
    await page.getByText("View", { exact: true }).click();
    await page.getByLabel("Huge").check();
    await page.reload();
    assert.ok(await height() > 1.5 * medium);
    await requireStill(page);
    await page.locator("summary", { hasText: "Newest first" }).click();
    await nav(page, page.getByRole("link", { name: "Oldest first" }).click());
    assert.strictEqual(new URL(page.url()).searchParams.get("tags"), "order:id");
    assert.strictEqual(await page.locator("summary", { hasText: "Oldest first" }).count(), 1);
    await page.context().close();
  },

  async "arrows move by where the tiles are, and Enter opens"() {
    const page = await openGallery({ width: 1280 });
    await page.keyboard.press("j");
    const first = await focusedId(page);
    await page.keyboard.press("ArrowRight");
    const second = await focusedId(page);
    assert.notStrictEqual(second, first);
    const centre = async () => {
      const { x, width, y } = await page.locator(`#${await focusedId(page)}`).boundingBox();
      return { x: x + width / 2, y };
    };
    const before = await centre();
    await page.keyboard.press("ArrowDown");
    const after = await centre();
    assert.ok(after.y > before.y && Math.abs(after.x - before.x) < 250, "just below");
    await page.keyboard.press("ArrowUp");
    assert.ok((await centre()).y < after.y);
    await page.keyboard.press("End");
    const last = await focusedId(page);
    const following = page.locator(`#${last} + .cell`);
    await page.keyboard.press("ArrowRight");
    await waitFor(async () => await focusedId(page) === await following.getAttribute("id"), "it goes on");
    // One stop of the Tab key.
    assert.strictEqual(await page.locator('.cell a[tabindex="0"]').count(), 1);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/posts\/\d+/);
    await page.context().close();
  },

  async "x, Space, Shift, dragging and Ctrl+A select, and Escape ends it"() {
    const page = await openGallery({ width: 1280 });
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("Shift+ArrowRight");
    assert.strictEqual(await selected(page), 3);
    await page.keyboard.press("Space");
    assert.strictEqual(await selected(page), 2);
    await cells(page).nth(6).locator("a").click({ modifiers: ["Shift"] });
    assert.strictEqual(await selected(page), 7 - 2 + 2);
    await page.keyboard.press("Escape");
    assert.strictEqual(await selected(page), 0);
    assert.ok(!await bar(page).isVisible());

    await page.getByRole("button", { name: "Select", exact: true }).click();
    const from = await cells(page).nth(0).boundingBox();
    const to = await cells(page).nth(3).boundingBox();
    await page.mouse.move(from.x + 60, from.y + 60);
    await page.mouse.down();
    await page.mouse.move(to.x + 40, to.y + 40, { steps: 8 });
    await page.mouse.up();
    assert.strictEqual(await selected(page), 4);
    await page.keyboard.press("Control+a");
    assert.strictEqual(await selected(page), await cells(page).count());
    await page.context().close();
  },

  async "tags are changed on all of them, shown where only some have them, and taken back"() {
    const page = await openGallery({ width: 390, dark: true });
    await page.getByRole("button", { name: "Select", exact: true }).click();
    const ids = [];
    for (const at of [0, 2]) {
      ids.push(Number(await cells(page).nth(at).locator(".tick").inputValue()));
      await cells(page).nth(at).locator("a").click();
    }
    await host.ask(`/posts/${ids[0]}.json`, "PUT", { "post[tag_string]": "before" });
    await page.getByRole("button", { name: "Tags" }).click();
    const chip = page.getByRole("checkbox", { name: /^before/ });
    assert.strictEqual(await chip.getAttribute("aria-checked"), "mixed");
    await page.getByLabel(/^Tags to add/).fill("red_leaf -nothing rating:q");
    await page.getByLabel(/^Tags to add/).press("Enter");
    await waitForMessage(page, /Changed: 2 posts/);
    assert.strictEqual(await tagsOf(ids[0]), "before red_leaf");
    assert.strictEqual(await count("red_leaf rating:q"), 2);
    await chip.click();
    await waitFor(async () => await count("before") === 2, "both have it");
    await waitFor(async () => await chip.getAttribute("aria-checked") === "true", "the chip says so");
    await bar(page).getByRole("button", { name: "Undo" }).click();
    await waitForMessage(page, /Undone: 2 posts/);
    assert.strictEqual(await tagsOf(ids[0]), "before red_leaf");
    assert.strictEqual(await tagsOf(ids[1]), "red_leaf");
    await page.context().close();
  },

  async "all posts of the search, without scrolling to them"() {
    const page = await openGallery({ width: 1280 });
    await cells(page).first().hover();
    await page.keyboard.press("x");
    await page.getByRole("button", { name: `Select all ${N}` }).click();
    await waitFor(async () => (await bar(page).innerText()).includes(`${N} selected`), "all are selected");
    await page.keyboard.press("t");
    await page.getByLabel(/^Tags to add/).fill("everywhere");
    await page.getByLabel(/^Tags to add/).press("Enter");
    await waitForMessage(page, new RegExp(`Changed: ${N} posts`));
    assert.strictEqual(await count("everywhere"), N);
    await bar(page).getByRole("button", { name: "Undo" }).click();
    await waitForMessage(page, new RegExp(`Undone: ${N} posts`));
    assert.strictEqual(await count("everywhere"), 0);
    await page.context().close();
  },

  async "to the trash and back"() {
    const page = await openGallery({ width: 1280 });
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await page.keyboard.press("Delete");
    await waitForMessage(page, /Moved to trash: 1 post\./);
    assert.strictEqual(await count("status:deleted"), 1);
    await bar(page).getByRole("button", { name: "Undo" }).click();
    await waitForMessage(page, /Undone: 1 post\./);
    assert.strictEqual(await count("status:deleted"), 0);
    await page.context().close();
  },

  async "a tag script changes what is clicked, and is remembered"() {
    const page = await openGallery({ width: 1280 });
    await page.keyboard.press("3");
    await page.getByLabel("Tag script", { exact: true }).fill("scripted rating:s");
    await cells(page).nth(4).locator("a").click();
    await waitFor(async () => await count("scripted rating:s") === 1, "it is changed");
    await page.getByLabel("Tag script", { exact: true }).fill("rating:x");
    await cells(page).nth(4).locator("a").click();
    await waitFor(async () => /is no rating/.test(await page.locator("#scripts").innerText()), "it says what is wrong");
    await page.getByLabel("Tag script", { exact: true }).fill("-scripted");
    await page.reload();
    await page.keyboard.press("3");
    assert.strictEqual(await page.getByLabel("Tag script", { exact: true }).inputValue(), "-scripted");
    assert.match(page.url(), /\/posts$/);
    await page.context().close();
  },

  async "a pointer that rests on a tile sees it larger"() {
    const page = await openGallery({ width: 1280 });
    await cells(page).nth(3).hover();
    await page.locator(".peek img").waitFor();
    await page.mouse.move(5, 5);
    await waitFor(async () => await page.locator(".peek").count() === 0, "it goes");
    assert.notStrictEqual(await cells(page).nth(3).locator("a").getAttribute("title"), "");
    await page.context().close();
  },

  async "it weighs little"() {
    const page = await host.open();
    const sizes = {};
    page.on("response", async (response) => {
      const type = response.request().resourceType();
      if (["document", "stylesheet", "script"].includes(type)) {
        sizes[new URL(response.url()).pathname] = gzipSync(await response.body(), { level: 6 }).length;
      }
    });
    await page.goto("/posts", { waitUntil: "networkidle" });
    const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
    console.log(`# ${total} bytes in ${Object.keys(sizes).length} files`);
    assert.ok(Object.keys(sizes).length > 10 && total <= BUDGET, JSON.stringify(sizes, null, 1));
  },

  async "nothing complains"() {
    assert.deepStrictEqual(host.complaints, []);
  },
};

runTests(host, N, tests);
