// SPDX-License-Identifier: LGPL-2.1-or-later
// Beside the list of a post's tags: how many there are, and those that somebody uses often, which one press
// adds or takes away.
import { listRecentTags, noteTags } from "./recent.js";

const SHOWN = 24;

const wordsOf = (text) => text.split(/[\s,]+/).filter(Boolean);
const plain = (word) => word.toLowerCase().replace(/^(general|artist|copyright|character|meta|art|copy|char|gen):/, "");

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

  const open = () => addGroup("Frequent", listRecentTags(SHOWN));

  field.addEventListener("input", update);
  field.form.addEventListener("submit", () => noteTags(wordsOf(field.value)
    .filter((word) => !word.startsWith("-")).map(plain).filter((name) => !before.has(name))));
  if (fold.open) {
    open();
  } else {
    fold.addEventListener("toggle", open, { once: true });
  }
  update();
}
