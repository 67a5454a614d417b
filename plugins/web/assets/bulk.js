// SPDX-License-Identifier: LGPL-2.1-or-later
// What can be done with the selected posts: the bar, and the panel of their tags.
import { applyScript, findAll, moveToTrash, parseScript, readPosts, restore } from "./edits.js";
import { say } from "./say.js";
import { offerScripts } from "./script.js";

const MOST = 5000; // posts that are changed from here
const CHIPS = 40; // tags shown

const format = (n) => n.toLocaleString("en");
const posts = (n) => `${format(n)} ${n === 1 ? "post" : "posts"}`;

export function offerBulk(grid, selection) {
  const bar = document.getElementById("bulk");
  const find = (name) => bar.querySelector(`[data-bulk="${name}"]`);
  const total = Number(document.getElementById("count").dataset.posts);
  const query = new URL(location.href).searchParams.get("tags") ?? "";
  const inTrash = /status:deleted/.test(query);
  let undo = null;
  let shownFor = null;

  const tell = (text, bad = false) => {
    find("message").textContent = text;
    find("message").classList.toggle("warn", bad);
  };

  const report = (what) => (done, all) => tell(`${what}: ${format(done)} of ${format(all)}`);

  const isBusy = () => bar.getAttribute("aria-busy") === "true";
  const setBusy = (busy) => {
    bar.setAttribute("aria-busy", String(busy));
    bar.querySelectorAll("button, select").forEach((button) => { button.disabled = busy; });
  };

  // One thing at a time; what comes of it can be taken back until the next.
  const perform = async (what, func) => {
    if (isBusy()) {
      return;
    }
    setBusy(true);
    find("undo").hidden = true;
    try {
      const result = await func(report(what));
      undo = result.undo ?? null;
      find("undo").hidden = !undo;
      tell(`${what}: ${posts(result.n)}.${result.failed.length ? ` ${format(result.failed.length)} failed: ${result.failed[0].message}` : ""}`,
        result.failed.length > 0);
      shownFor = null;
      await showTags();
    } catch (error) {
      tell(error.message, true);
    } finally {
      setBusy(false);
    }
  };

  const mark = (ids, name) => {
    for (const id of ids) {
      document.getElementById(`post-${id}`)?.classList.add(name);
    }
  };

  const run = (script) => perform("Changed", (progress) => applyScript([...selection.ids], script, progress));

  // Tags of the selected posts: on all of them, or on some. Pressing makes it all, then none.
  const makeChip = (name, n, all) => {
    const chip = document.createElement("button");
    const state = n === all ? "true" : "mixed";
    chip.type = "button";
    chip.className = "chip";
    chip.setAttribute("role", "checkbox");
    chip.setAttribute("aria-checked", state);
    chip.textContent = name.replaceAll("_", " ");
    if (n < all) {
      const number = document.createElement("span");
      number.className = "number";
      number.textContent = ` ${format(n)}/${format(all)}`;
      chip.append(number);
    }
    chip.title = state === "true" ? "On all of them: remove it" : "On some of them: add it to all";
    chip.addEventListener("click", () => run({ add: state === "true" ? [] : [name], remove: state === "true" ? [name] : [], rating: null, parent: null }));
    return chip;
  };

  async function showTags() {
    const panel = find("panel");
    const ids = [...selection.ids].slice(0, 1000);
    const key = ids.join();
    if (panel.hidden || key === shownFor) {
      return;
    }
    shownFor = key;
    const counts = new Map();
    const found = await readPosts(ids);
    if (shownFor !== key) {
      return; // another selection by now
    }
    for (const { tag_string: tags } of found.values()) {
      tags.split(" ").filter(Boolean).forEach((tag) => counts.set(tag, (counts.get(tag) ?? 0) + 1));
    }
    const chips = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, CHIPS);
    find("chips").replaceChildren(...chips.map(([name, n]) => makeChip(name, n, found.size)));
  }

  const update = () => {
    const n = selection.ids.size;
    bar.hidden = !selection.active;
    document.getElementById("select")?.setAttribute("aria-pressed", String(selection.active));
    find("count").textContent = n ? `${format(n)} selected` : "Select posts";
    find("all").hidden = selection.whole || total <= n || total === grid.children.length && n === total;
    find("all").textContent = total > MOST ? `Select the first ${format(MOST)}` : `Select all ${format(total)}`;
    bar.classList.toggle("none", n === 0);
    if (n === 0) {
      tell("");
      find("undo").hidden = true;
      find("panel").hidden = true;
      find("tags").setAttribute("aria-expanded", "false");
    }
    showTags().catch(() => {});
  };

  find("all").addEventListener("click", () => perform("Selected", async () => {
    const ids = await findAll(query, MOST, (n) => tell(`Selecting: ${format(n)}`));
    selection.setAll(ids);
    return { failed: [], n: ids.length };
  }));
  find("tags").addEventListener("click", () => {
    const panel = find("panel");
    panel.hidden = !panel.hidden;
    find("tags").setAttribute("aria-expanded", String(!panel.hidden));
    shownFor = null;
    showTags().catch((error) => tell(error.message, true));
    if (!panel.hidden) {
      find("script").focus();
    }
  });
  find("form").addEventListener("submit", (event) => {
    event.preventDefault();
    try {
      run(parseScript(find("script").value)).then(() => { find("script").value = ""; });
    } catch (error) {
      tell(error.message, true);
    }
  });
  find("rating").addEventListener("change", ({ target }) => {
    run({ add: [], remove: [], rating: target.value, parent: null });
    target.value = "";
  });
  find("trash").textContent = inTrash ? "Restore" : "Move to trash";
  find("trash").addEventListener("click", () => {
    const ids = [...selection.ids];
    perform(inTrash ? "Restored" : "Moved to trash", async (progress) => {
      const result = await (inTrash ? restore : moveToTrash)(ids, progress);
      mark(ids, "gone");
      return result;
    });
  });
  find("undo").addEventListener("click", () => {
    const back = undo;
    perform("Undone", async (progress) => {
      const result = await back(progress);
      grid.querySelectorAll(".gone").forEach((cell) => cell.classList.remove("gone"));
      return result;
    });
  });
  find("clear").addEventListener("click", () => {
    selection.clear();
    say("Nothing is selected.");
  });
  selection.addEventListener("change", update);

  const select = document.getElementById("select");
  select.addEventListener("click", () => selection.active ? selection.clear() : selection.setActive(true));
  addEventListener("pageshow", update);
  offerScripts(grid, selection, { perform, tell });
  update();
}
