// SPDX-License-Identifier: LGPL-2.1-or-later
// Beside the list of a post's tags: how many there are, and those that somebody uses often, which one press
// adds or takes away.
import { recall, remember } from "./store.js";

const KEPT = 200; // tags that are remembered
const SHOWN = 24;
const DAY = 86400000;

const wordsOf = (text) => text.split(/[\s,]+/).filter(Boolean);
const plain = (word) => word.toLowerCase().replace(/^(general|artist|copyright|character|meta|art|copy|char|gen):/, "");

const score = ({ n, at }) => (Math.log10(n) + 1) / (1 + (Date.now() - at) / (30 * DAY));

function noteUsed(words) {
  const used = recall("tags", {});
  for (const word of words.map(plain)) {
    used[word] = { n: (used[word]?.n ?? 0) + 1, at: Date.now() };
  }
  const best = Object.entries(used).sort((a, b) => score(b[1]) - score(a[1])).slice(0, KEPT);
  remember("tags", Object.fromEntries(best));
}

const listFrequent = () => Object.entries(recall("tags", {})).sort((a, b) => score(b[1]) - score(a[1]))
  .slice(0, SHOWN).map(([name]) => name);

export function offerToggles() {
  const field = document.getElementById("tag-string");
  const counter = document.getElementById("tag-counter");
  const fold = field?.closest("details");
  if (!counter || !fold) {
    return;
  }
  const before = new Set(wordsOf(field.value).map(plain));
  const groups = [];

  const has = (name) => wordsOf(field.value).map(plain).includes(name);

  const update = () => {
    const n = new Set(wordsOf(field.value).filter((word) => !word.startsWith("-"))).size;
    counter.textContent = `${n} ${n === 1 ? "tag" : "tags"}`;
    for (const chip of groups.flatMap((group) => [...group.querySelectorAll(".chip")])) {
      chip.setAttribute("aria-pressed", String(has(chip.dataset.name)));
    }
  };

  const toggle = (name) => {
    field.value = has(name)
      ? wordsOf(field.value).filter((word) => plain(word) !== name).join(" ")
      : `${field.value.trimEnd()} ${name} `.trimStart();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const makeChip = (name) => {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.className = "chip";
    chip.dataset.name = name;
    chip.textContent = name.replaceAll("_", " ");
    chip.addEventListener("click", () => toggle(name));
    return chip;
  };

  const addGroup = (title, names) => {
    const group = document.createElement("div");
    const heading = document.createElement("h3");
    heading.textContent = title;
    group.className = "toggles";
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", title);
    group.append(heading, ...names.map(makeChip));
    if (names.length) {
      counter.after(group);
      groups.push(group);
      update();
    }
  };

  const open = () => addGroup("Frequent", listFrequent());

  field.addEventListener("input", update);
  field.form.addEventListener("submit", () => noteUsed(wordsOf(field.value).filter((word) => !before.has(plain(word)) && !word.startsWith("-"))));
  if (fold.open) {
    open();
  } else {
    fold.addEventListener("toggle", open, { once: true });
  }
  update();
}
