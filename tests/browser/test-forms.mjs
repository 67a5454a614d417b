// SPDX-License-Identifier: LGPL-2.1-or-later
// Forms as people work with them: files that are dropped on the gallery, and an editor that is
// used on one post after another. TAP. test-forms.mjs BOORU-HOST
import assert from "node:assert";
import { give, Host, makePicture, nav, runTests, waitFor, waves } from "./browser-host.mjs";

// Two frames of 32 by 24 pixels, red and blue.
const GIF = "R0lGODlhIAAYAPAAAP8AAAAAACH5BAAyAAAAIf8LTkVUU0NBUEUyLjADAQAAACwAAAAAIAAYAAACGoSPqcvtD6O"
  + "ctNqLs968+w+G4kiW5omm6lcAACH5BAAyAAAALAAAAAAgABgAgAAA/wAAAAIahI+py+0Po5y02ouz3rz7D4biSJbmiabq"
  + "VwAAOw==";
const FILES = {
  "waves.png": makePicture(120, 80, waves),
  "turned.png": makePicture(80, 120, (x, y) => waves(y, 1 - x)),
  "steep.png": makePicture(90, 90, (x, y) => waves(3 * x, y * y)),
  "moves.gif": Buffer.from(GIF, "base64"),
};

const host = new Host(process.argv[2], FILES);
const getPosts = () => host.ask("/posts.json");
const pathOf = (page) => new URL(page.url()).pathname;

async function dropOnGallery(page, name, data) {
  await page.goto("/posts");
  await give(page, "drop", name, data);
  await page.locator("#chosen li").waitFor();
  assert.strictEqual(pathOf(page), "/upload");
}

const tests = {
  async "a file that is dropped on the gallery is in the list of the upload form"() {
    const page = await host.open();
    await dropOnGallery(page, "new.png", makePicture(64, 64, (x, y) => waves(y, x)));
    assert.match(await page.locator("#chosen li").innerText(), /new\.png/);
    await page.fill("#tag-string", "dropped");
    await nav(page, page.getByRole("button", { name: "Upload", exact: true }).click());
    await page.getByText(/^Post \d/).waitFor();
    assert.strictEqual((await host.ask("/posts.json?tags=dropped")).length, 1);
  },

  async "a file that is on the board already is announced, and can be taken out"() {
    const page = await host.open({ width: 390 });
    await dropOnGallery(page, "again.png", FILES["waves.png"]);
    const note = page.getByText(/Already on the board as post \d/);
    await note.waitFor();
    assert.ok((await note.boundingBox()).width > 150, "words fit in a line");
    await page.getByRole("button", { name: "Remove again.png" }).click();
    assert.strictEqual(await page.locator("#chosen li").count(), 0);
    assert.strictEqual(await page.locator("#files").evaluate((input) => input.files.length), 0);
  },

  async "leaving a changed editor asks, and saving does not"() {
    const [post] = await getPosts();
    const page = await host.open();
    const asked = [];
    page.on("dialog", (dialog) => {
      asked.push(dialog.type());
      return dialog.dismiss();
    });
    await page.goto(`/posts/${post.id}`);
    await page.keyboard.press("e");
    await page.keyboard.type("changed ");
    await page.locator("a.up").click();
    await waitFor(() => asked.length, "the browser asks");
    assert.strictEqual(pathOf(page), `/posts/${post.id}`);

    await nav(page, page.locator("#tag-string").press("Control+Enter"));
    await nav(page, page.locator("a.up").click());
    assert.deepStrictEqual(asked, ["beforeunload"]);
    assert.match((await host.ask(`/posts/${post.id}.json`)).tag_string, /changed/);
  },

  async "“Save and next” edits the next post"() {
    const [first, second] = await getPosts();
    const page = await host.open();
    await page.goto(`/posts/${first.id}`);
    await page.keyboard.press("e");
    await page.keyboard.type("one ");
    await nav(page, page.getByRole("button", { name: "Save and next" }).click());
    assert.strictEqual(pathOf(page), `/posts/${second.id}`);
    await page.locator("#tag-string:focus").waitFor();
    assert.match((await host.ask(`/posts/${first.id}.json`)).tag_string, /one/);
  },

  async "the key Delete goes on to the next post"() {
    const [first, second] = await getPosts();
    const page = await host.open();
    await page.goto(`/posts/${first.id}`);
    await nav(page, page.keyboard.press("Delete"));
    assert.strictEqual(pathOf(page), `/posts/${second.id}`);
    assert.strictEqual((await host.ask(`/posts/${first.id}.json`)).is_deleted, true);
    await nav(page, page.getByRole("button", { name: "Undo" }).click());
    assert.strictEqual((await host.ask(`/posts/${first.id}.json`)).is_deleted, false);
  },

  async "an animated GIF can be paused"() {
    const post = (await getPosts()).find(({ file_ext: ext }) => ext === "gif");
    const page = await host.open();
    await page.goto(`/posts/${post.id}`);
    await page.getByRole("button", { name: "Pause" }).click();
    assert.ok(await page.locator("figure canvas").isVisible());
    assert.ok(!await page.locator("figure img[data-moves]").isVisible());
    await page.getByRole("button", { name: "Play" }).click();
    assert.ok(await page.locator("figure img[data-moves]").isVisible());
    assert.ok(!await page.locator("figure canvas").isVisible());
  },

  async "nothing complains"() {
    assert.deepStrictEqual(host.complaints, []);
  },
};

runTests(host, Object.keys(FILES).length, tests);
