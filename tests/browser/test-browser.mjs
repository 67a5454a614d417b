// SPDX-License-Identifier: LGPL-2.1-or-later
// Pages as somebody uses them: on a phone, by keyboard, without scripts, with files that are
// dropped and pasted. TAP. test-browser.mjs BOORU-HOST
import assert from "node:assert";
import { give, Host, makePicture, nav, runTests, waitFor, waves } from "./browser-host.mjs";

const PAGES = ["/posts", "/posts/1", "/tags", "/duplicates", "/iqdb_queries", "/upload", "/uploads",
  "/system", "/system/failures", "/system/settings", "/trash/empty", "/posts?tags=nothing"];

const ring = (x, y) => {
  const distance = Math.hypot(x - 0.5, y - 0.5);
  return [255, 255, 255, distance > 0.25 && distance < 0.45 ? 255 : 0];
};
const FILES = {
  "waves.png": makePicture(600, 400, waves),
  "smaller.png": makePicture(300, 200, waves),
  "ring.png": makePicture(600, 200, ring),
  "broken.png": makePicture(60, 40, waves).subarray(0, 60),
};

const host = new Host(process.argv[2], FILES);
const isFocused = async (page, selector) => await page.locator(`${selector}:focus`).count() > 0;

async function tabTo(page, selector) {
  for (let i = 0; i < 100; i++) {
    await page.keyboard.press("Tab");
    if (await isFocused(page, selector)) {
      return;
    }
  }
  assert.fail(`The Tab key does not come to ${selector}`);
}

const toFile = (name, buffer) => ({ name, mimeType: "image/png", buffer });
const getPair = async () => (await host.ask("/duplicates.json"))[0];

async function decide(page, verdict) {
  await page.goto("/duplicates");
  await nav(page, page.locator(`button[value="${verdict}"]`).click());
}

const tests = {
  // Nothing is cut off, and each place can be gone to.
  async "on a phone"() {
    const kinds = [[390, true, true], [390, false, false], [320, true, false]];
    for (const [width, dark, scripts] of kinds) {
      const page = await host.open({ width, dark, scripts });
      for (const path of PAGES) {
        await page.goto(path);
        const places = page.locator(".places a");
        assert.strictEqual(await places.count(), 7);
        for (const place of await places.all()) {
          const { x, width: size } = await place.boundingBox();
          assert.ok(x >= 0 && x + size <= width, `${path} at ${width}: ${await place.innerText()}`);
        }
        const whole = await page.locator("html").evaluate((html) => html.scrollWidth);
        assert.ok(whole <= width, `${path} is ${whole} wide at ${width}`);
      }
    }
  },

  // The checker is where the picture is, no larger and no smaller.
  async "transparency"() {
    const [post] = await host.ask("/posts.json?tags=ratio:3:1");
    for (const dark of [false, true]) {
      const page = await host.open({ scripts: false, dark });
      await page.goto(`/posts/${post.id}`);
      const picture = await page.locator(".picture img").boundingBox();
      const checker = await page.locator(".checker > rect").boundingBox();
      for (const side of ["x", "y", "width", "height"]) {
        const off = Math.abs(picture[side] - checker[side]);
        assert.ok(off < 1.5, `${side} differs by ${off}`);
      }
    }
  },

  async "pairs by keyboard, without scripts"() {
    const page = await host.open({ scripts: false, width: 390 });
    const pair = await getPair();
    await page.goto("/duplicates");
    await tabTo(page, 'button[value="keep"]');
    await nav(page, page.keyboard.press("Enter"));
    assert.match(await page.locator(".done").innerText(), /This pair won't be shown again/);
    assert.strictEqual(await getPair(), undefined);
    await tabTo(page, 'button[name="undo"]');
    await nav(page, page.keyboard.press("Enter"));
    assert.deepStrictEqual(await getPair(), pair);
  },

  async "what is decided about pairs"() {
    const page = await host.open({ dark: true });
    const { post_id: first, other_id: second } = await getPair();
    await host.ask(`/posts/${first}.json`, "PUT", { "post[tag_string]": "left" });
    await host.ask(`/posts/${second}.json`, "PUT", { "post[tag_string]": "right" });

    await decide(page, `merge:${first}`);
    assert.strictEqual((await host.ask(`/posts/${first}.json`)).tag_string, "left right");
    await decide(page, `parent:${second}`);
    assert.strictEqual((await host.ask(`/posts/${first}.json`)).parent_id, second);
    await nav(page, page.getByRole("button", { name: "Undo" }).click());
    assert.strictEqual((await host.ask(`/posts/${first}.json`)).parent_id, null);
    await decide(page, `trash:${first}`);
    assert.strictEqual((await host.ask(`/posts/${first}.json`)).is_deleted, true);
    assert.strictEqual((await host.ask(`/posts/${second}.json`)).tag_string, "left right");
    await nav(page, page.getByRole("button", { name: "Undo" }).click());
    assert.strictEqual((await host.ask(`/posts/${first}.json`)).is_deleted, false);
  },

  async "search by a picture that is dropped or pasted"() {
    const page = await host.open();
    for (const kind of ["drop", "paste"]) {
      await page.goto("/iqdb_queries");
      await nav(page, give(page, kind, "some.png", makePicture(450, 300, waves)));
      assert.strictEqual(await page.locator(".match").count(), 2);
    }
    await page.goto("/iqdb_queries");
    await nav(page, give(page, "drop", "broken.png", FILES["broken.png"]));
    assert.match(await page.getByRole("alert").innerText(), /damaged/);
  },

  async "search by a picture without scripts"() {
    const page = await host.open({ scripts: false });
    await page.goto("/iqdb_queries");
    await tabTo(page, "#file");
    await page.setInputFiles("#file", toFile("x.png", FILES["ring.png"]));
    await page.keyboard.press("Tab");
    await nav(page, page.keyboard.press("Enter"));
    assert.strictEqual(await page.locator(".match img.alpha").count(), 1);
  },

  async "uploads that are dropped and pasted"() {
    const page = await host.open({ dark: true });
    await page.goto("/upload");
    await give(page, "drop", "one.png", makePicture(64, 64, (x, y) => waves(y, x)));
    await give(page, "paste", "two.png", makePicture(64, 48, ring));
    assert.strictEqual(await page.locator("#chosen li").count(), 2);
    await page.fill("#tag-string", "dropped");
    await nav(page, page.locator("main button[type=submit]").click());
    await waitFor(async () => await page.getByText(/^Post \d/).count() === 2, "two posts");
    assert.strictEqual((await host.ask("/posts.json?tags=dropped")).length, 2);
  },

  async "uploads by keyboard, without scripts"() {
    const page = await host.open({ scripts: false, width: 390, dark: true });
    await page.goto("/upload");
    await tabTo(page, "#files");
    await page.setInputFiles("#files", [toFile("three.png", makePicture(80, 64, waves)),
      toFile("bad.png", FILES["broken.png"])]);
    await tabTo(page, "#tag-string");
    await page.keyboard.type("typed");
    await tabTo(page, "main button[type=submit]");
    await nav(page, page.keyboard.press("Enter"));
    await waitFor(async () => {
      await page.reload();
      return !/Being processed/.test(await page.locator("main").innerText());
    }, "nothing waits any more");
    assert.match(await page.locator("main").innerText(), /Post \d/);
    assert.match(await page.locator(".bad-text").innerText(), /damaged/);
  },

  async "the administrator's pages by keyboard, without scripts"() {
    const page = await host.open({ scripts: false, width: 390 });
    await page.goto("/system");
    await tabTo(page, "#add-folder");
    await page.keyboard.type("/does/not/exist");
    await nav(page, page.keyboard.press("Enter"));
    assert.match(await page.getByRole("alert").innerText(), /does not exist/);
    await page.goto("/system");
    await tabTo(page, "#restart-monitor");
    await nav(page, page.keyboard.press("Enter"));
    assert.match(await page.getByRole("status").innerText(), /Restarting the service/);

    await page.goto("/system/failures");
    await tabTo(page, 'form[action="/system/retry"] button');
    await nav(page, page.keyboard.press("Enter"));
    assert.match(await page.getByRole("status").innerText(), /Trying again/);
    // It looks like what it is: nothing can be dropped on it.
    const border = await page.locator(".chooser").evaluate((form) => getComputedStyle(form).border);
    assert.match(border, /none/);

    await page.goto("/system/settings");
    await tabTo(page, '[name="value[decode-timeout]"]');
    await page.keyboard.type("61");
    await nav(page, page.keyboard.press("Enter"));
    assert.strictEqual(await page.locator('[name="value[decode-timeout]"]').inputValue(), "61");
  },

  async "nothing complains"() {
    assert.deepStrictEqual(host.complaints, []);
  },
};

runTests(host, 3, tests, () => waitFor(getPair, "a pair"));
