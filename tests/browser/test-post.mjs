// SPDX-License-Identifier: LGPL-2.1-or-later
// The page of a post, and the slideshow. TAP. test-post.mjs BOORU-HOST
import assert from "node:assert";
import { Host, makePicture, nav, runTests, waitFor, waves } from "./browser-host.mjs";

const FILES = {
  "waves.png": makePicture(1600, 1000, waves),
  "turned.png": makePicture(80, 120, (x, y) => waves(y, 1 - x)),
  "steep.png": makePicture(90, 90, (x, y) => waves(3 * x, y * y)),
  "strip.png": makePicture(60, 3000, (x, y) => waves(x, 9 * y)),
};

const host = new Host(process.argv[2], FILES);
const pathOf = (page) => new URL(page.url()).pathname;
const idOf = async (tags) => (await host.ask(`/posts.json?tags=${tags}`))[0].id;
const scaleOf = (page) => page.locator(".viewer > img").evaluate((picture) => Number(/scale\(([\d.]+)\)/.exec(picture.style.transform)[1]));

// A finger that moves from one place to another within some milliseconds.
const swipe = (page, from, to, time = 200) => page.locator("figure.picture").evaluate(async (figure, [from, to, time]) => {
  const send = (kind, [x, y]) => {
    const touch = new Touch({ identifier: 1, target: figure, clientX: x, clientY: y });
    figure.dispatchEvent(new TouchEvent(kind, { bubbles: true, cancelable: true, touches: kind === "touchend" ? [] : [touch], changedTouches: [touch] }));
  };
  send("touchstart", from);
  for (let part = 1; part <= 4; part++) {
    await new Promise((resolve) => setTimeout(resolve, time / 4));
    send("touchmove", from.map((value, i) => value + (to[i] - value) * part / 4));
  }
  send("touchend", to);
}, [from, to, time]);

const tests = {
  async "a picture is zoomed by keys, wheel and double click, and Escape leads back"() {
    const page = await host.open({ width: 1280 });
    const id = await idOf("width:1600");
    await page.goto(`/posts/${id}`);
    await page.keyboard.press("z");
    const fitted = await waitFor(() => scaleOf(page), "the picture");
    assert.ok(fitted < 1);
    await page.mouse.move(300, 300);
    await page.mouse.wheel(0, -100);
    await waitFor(async () => await scaleOf(page) > fitted, "larger");
    await page.keyboard.press("1");
    assert.strictEqual(await scaleOf(page), 1);
    await page.keyboard.press("0");
    assert.strictEqual(await scaleOf(page), fitted);
    await page.mouse.dblclick(600, 400);
    assert.strictEqual(await scaleOf(page), 1);
    await page.keyboard.press("Escape");
    assert.strictEqual(await page.locator(".viewer").count(), 0);
    assert.strictEqual(await page.locator("a.zoom:focus").count(), 1);
    assert.strictEqual(pathOf(page), `/posts/${id}`);
  },

  async "a strip is as wide as the window, and begins at its top"() {
    const page = await host.open({ width: 390 });
    await page.goto(`/posts/${await idOf("height:3000")}`);
    await page.locator("a.zoom").click();
    await page.locator(".viewer > img").waitFor();
    const { y, height } = await page.locator(".viewer > img").boundingBox();
    assert.ok(y === 0 && height > 2900);
  },

  async "without scripts the picture leads to its original"() {
    const page = await host.open({ scripts: false });
    await page.goto(`/posts/${await idOf("width:1600")}`);
    assert.match(await page.locator("a.zoom").getAttribute("href"), /^\/original\/.*\.png$/);
  },

  async "a swipe turns to the next post; a slow one, one from the edge and one down do not"() {
    const page = await host.open({ width: 390 });
    const [first, second] = await host.ask("/posts.json");
    await page.goto(`/posts/${first.id}`);
    await swipe(page, [385, 300], [100, 300]);
    await swipe(page, [300, 200], [140, 420]);
    await swipe(page, [300, 300], [120, 300], 2000);
    assert.strictEqual(pathOf(page), `/posts/${first.id}`);
    await Promise.all([page.waitForURL(`**/posts/${second.id}**`), swipe(page, [320, 300], [60, 310]).catch(() => {})]);
    await Promise.all([page.waitForURL(`**/posts/${first.id}**`), swipe(page, [60, 300], [320, 310]).catch(() => {})]);
  },

  async "the editor stands beside the picture, counts, and offers what is used often"() {
    const page = await host.open({ width: 1280 });
    const [first, second] = await host.ask("/posts.json");
    await page.goto(`/posts/${first.id}`);
    await page.keyboard.press("e");
    const picture = await page.locator("figure.picture").boundingBox();
    const form = await page.locator("#edit").boundingBox();
    assert.ok(form.x >= picture.x + picture.width && Math.abs(form.y - picture.y) < 5);
    await page.locator("#tag-string").fill("red_leaf artist:somebody");
    assert.strictEqual(await page.locator("#tag-counter").innerText(), "2 tags");
    await nav(page, page.getByRole("button", { name: "Save", exact: true }).click());

    await page.goto(`/posts/${second.id}`);
    await page.keyboard.press("e");
    const chip = page.getByRole("button", { name: "red leaf" });
    await chip.click();
    assert.strictEqual(await chip.getAttribute("aria-pressed"), "true");
    assert.strictEqual((await page.locator("#tag-string").inputValue()).trim(), "red_leaf");
    await chip.click();
    assert.strictEqual((await page.locator("#tag-string").inputValue()).trim(), "");
  },

  async "parent and siblings are a row of pictures"() {
    const page = await host.open({ scripts: false, width: 390 });
    const [parent, child, sibling] = await host.ask("/posts.json");
    for (const { id } of [child, sibling]) {
      await host.ask(`/posts/${id}.json`, "PUT", { "post[parent_id]": parent.id });
    }
    await page.goto(`/posts/${child.id}`);
    const strip = page.getByRole("region", { name: "Parent and siblings" });
    assert.strictEqual(await strip.locator("img").count(), 3);
    assert.match(await strip.locator("[aria-current]").getAttribute("href"), new RegExp(`/posts/${child.id}$`));
    await page.goto(`/posts/${parent.id}`);
    assert.strictEqual(await page.getByRole("region", { name: "Children" }).locator("img").count(), 3);
  },

  async "the slideshow goes on by itself, pauses, and ends"() {
    const page = await host.open({ width: 1280 });
    await page.addInitScript(() => localStorage.setItem("booru.slides", "0.3"));
    await page.goto("/posts");
    await page.keyboard.press("Shift+S");
    const show = page.getByRole("dialog", { name: "Slideshow" });
    const text = show.getByRole("status");
    await waitFor(async () => /^3 /.test(await text.innerText()), "the third");
    await show.getByRole("button", { name: "Pause" }).click();
    const paused = await text.innerText();
    await page.keyboard.press("ArrowRight");
    await waitFor(async () => await text.innerText() !== paused, "on by hand");
    await page.keyboard.press("Escape");
    assert.strictEqual(await show.count(), 0);
  },

  async "nothing complains"() {
    assert.deepStrictEqual(host.complaints, []);
  },
};

runTests(host, Object.keys(FILES).length, tests);
