// SPDX-License-Identifier: LGPL-2.1-or-later
// Many tabs of one browser: they share one event stream. TAP. test-tabs.mjs BOORU-HOST
import assert from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Host, makePicture, runTests, waitFor } from "./browser-host.mjs";

const N_TABS = 8; // a browser allows six connections to a host

const shade = (n) => makePicture(64, 64, (x, y) => [255 * x, 255 * y, 20 * n, 255]);
const host = new Host(process.argv[2], { "0.png": shade(0) });
let nPosts = 1;

// Streams that are open now, of all tabs of the context.
function countStreams(page) {
  const open = new Set();
  const isStream = (request) => request.url().endsWith("/events");
  page.context().on("request", (request) => isStream(request) && open.add(request));
  page.context().on("requestfinished", (request) => open.delete(request));
  page.context().on("requestfailed", (request) => open.delete(request));
  return open;
}

async function openTabs(first) {
  const tabs = [first];
  while (tabs.length < N_TABS) {
    tabs.push(await first.context().newPage());
  }
  for (const tab of tabs) {
    await tab.goto("/posts");
  }
  return tabs;
}

// A file comes, and each of the tabs says so.
async function requireHeard(tabs) {
  const texts = await Promise.all(tabs.map((tab) => tab.locator(".fresh").allInnerTexts()));
  writeFileSync(join(host.library, `${nPosts}.png`), shade(nPosts++));
  for (const [index, tab] of tabs.entries()) {
    await waitFor(async () => {
      const now = await tab.locator(".fresh").allInnerTexts();
      return now.length > 0 && now[0] !== texts[index][0];
    }, `tab ${index} hears of ${nPosts} posts`);
  }
}

const hide = (tab, hidden) => tab.evaluate((value) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => value });
  document.dispatchEvent(new Event("visibilitychange"));
}, hidden);

const turn = (tab, name) => tab.evaluate((name) => {
  window.dispatchEvent(new PageTransitionEvent(name, { persisted: true }));
}, name);

runTests(host, 1, {
  async "eight tabs share one stream, and hand it over"() {
    const first = await host.open();
    const streams = countStreams(first);
    const tabs = await openTabs(first);

    await requireHeard(tabs);
    assert.strictEqual(streams.size, 1);
    const leader = [...streams][0].frame().page();
    await leader.close();
    await waitFor(() => streams.size === 1 && ![...streams][0].failure(), "another tab leads");
    await requireHeard(tabs.filter((tab) => tab !== leader));
    await first.context().close();
  },

  async "hidden tabs and those kept for Back hold none, and catch up"() {
    const first = await host.open();
    const streams = countStreams(first);
    const second = await first.context().newPage();

    await first.goto("/posts");
    await waitFor(() => streams.size === 1, "the first leads");
    await second.goto("/posts");
    await hide(first, true);
    await waitFor(() => [...streams][0]?.frame().page() === second, "the second leads");
    await requireHeard([second]);
    assert.strictEqual(await first.locator(".fresh").count(), 0);
    await turn(second, "pagehide");
    await waitFor(() => streams.size === 0, "nobody leads");
    await hide(first, false);
    await first.locator(".fresh").waitFor();
    await turn(second, "pageshow");
    await requireHeard([first, second]);
    assert.strictEqual(streams.size, 1);
    await first.context().close();
  },

  async "without locks each visible tab has a stream of its own"() {
    const first = await host.open();
    const streams = countStreams(first);
    await first.context().addInitScript(() => {
      Object.defineProperty(Navigator.prototype, "locks", { value: undefined });
    });
    const second = await first.context().newPage();

    await first.goto("/posts");
    await second.goto("/posts");
    await waitFor(() => streams.size === 2, "two streams");
    await requireHeard([first, second]);
    await hide(first, true);
    await waitFor(() => streams.size === 1, "the hidden tab's is closed");
    await first.context().close();
  },
});
