// SPDX-License-Identifier: LGPL-2.1-or-later
// Offers tags while somebody types, in the search box and in the list of a post's tags.

import { base } from "./base.js";
import { isMetatag, suggestMetatags } from "./metatags.js";
import { listSearches, noteSearch, noteTags, scoreOf } from "./recent.js";

const LIMIT = 8;
const PAST = 3; // searches that are offered while somebody types; with an empty box there are more

// The word at the cursor, without the signs that stand before a tag.
function wordAt(field) {
  const before = field.value.slice(0, field.selectionStart);
  const start = before.search(/[^\s,]*$/);
  const [, signs, name] = before.slice(start).match(/^([-~(]*)(.*)$/s);
  return { start: start + signs.length, end: field.selectionStart, name };
}

// In the search box what else is searched for counts, too: what would find nothing is not offered.
async function askForTags(field, name, signal) {
  const isQuery = field.dataset.complete === "query";
  const parameters = new URLSearchParams({
    "search[query]": name,
    "search[type]": isQuery ? "tag_query" : "tag",
    "limit": LIMIT,
    "only": "value,post_count,category,antecedent,count_within",
  });
  const { start, end } = wordAt(field);
  const others = `${field.value.slice(0, start).replace(/[-~(]+$/, "")} ${field.value.slice(end)}`.trim();
  if (isQuery && others !== "" && !/(^|\s)[-~]?\(|(^|\s)or(\s|$)|~/.test(others)) {
    parameters.set("search[within]", others);
  }
  const answer = await fetch(`${base}autocomplete.json?${parameters}`, { signal });
  const found = answer.ok ? await answer.json() : [];
  return found.map(({ value, ...tag }) => ({ ...tag, name: value }));
}

// What somebody uses often comes first.
async function findTags(field, name, signal) {
  const found = await askForTags(field, name, signal);
  return found.map((tag, index) => ({ tag, index, own: scoreOf(tag.name) }))
    .sort((a, b) => b.own - a.own || a.index - b.index).map(({ tag }) => tag);
}

const CATEGORIES = { 0: "general", 1: "artist", 3: "copyright", 4: "character", 5: "meta" };

// ENTRY is a tag, a metatag with its help, or a search of before.
function makeItem(entry, id) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  const note = document.createElement("span");
  item.id = id;
  item.setAttribute("role", "option");
  item.className = entry.search ? "past" : `tag-${CATEGORIES[entry.category] ?? "general"}`;
  name.className = "tag";
  name.textContent = entry.search ?? (entry.help === undefined ? entry.name.replaceAll("_", " ") : entry.name);
  if (entry.antecedent) {
    name.textContent = `${entry.antecedent.replaceAll("_", " ")} → ${name.textContent}`;
  }
  note.className = "number";
  note.textContent = entry.search ? "searched before" : entry.help ?? (entry.count_within ?? entry.post_count)?.toLocaleString("en") ?? "";
  item.append(name, note);
  item.dataset.name = entry.name ?? "";
  item.dataset.search = entry.search ?? "";
  return item;
}

class Completion {
  constructor(field) {
    this.field = field;
    this.list = document.createElement("ul");
    this.list.className = "complete";
    this.list.id = `${field.id}-tags`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Tags");
    this.list.hidden = true;
    this.selected = -1;
    this.isSearch = field.dataset.complete === "query";

    // The list is placed below the field.
    let place = field.parentElement;
    if (field.tagName === "TEXTAREA") {
      place = document.createElement("div");
      place.className = "field";
      const focused = document.activeElement === field;
      field.replaceWith(place);
      place.append(field);
      if (focused) {
        field.focus({ preventScroll: true }); // moving it took that away
      }
    }
    place.append(this.list);

    // A text area cannot be a combo box; it only says which entry of the list is selected.
    if (field.tagName === "INPUT") {
      field.setAttribute("role", "combobox");
      field.setAttribute("aria-expanded", "false");
    }
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", this.list.id);
    field.addEventListener("input", () => this.ask());
    field.addEventListener("keydown", (event) => this.onKey(event));
    field.addEventListener("blur", () => this.close());
    if (this.isSearch) {
      field.addEventListener("focus", () => field.value === "" && this.ask());
      field.form.addEventListener("submit", () => noteSearch(field.value));
    }
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const item = event.target.closest("li");
      if (item) {
        this.take(item);
      }
    });
  }

  setExpanded(expanded) {
    if (this.field.hasAttribute("aria-expanded")) {
      this.field.setAttribute("aria-expanded", String(expanded));
    }
  }

  close() {
    this.request?.abort();
    this.list.hidden = true;
    this.selected = -1;
    this.setExpanded(false);
    this.field.removeAttribute("aria-activedescendant");
  }

  async ask() {
    const { name } = wordAt(this.field);
    const searches = this.isSearch ? this.listSearches() : [];
    const metatags = this.isSearch ? suggestMetatags(name) : [];
    this.request?.abort();
    if (name === "" || name.includes("*") || (isMetatag(name) && metatags.length)) {
      this.show([...metatags, ...searches]);
      return;
    }

    this.request = new AbortController();
    try {
      const tags = await findTags(this.field, name, this.request.signal);
      this.show([...tags, ...metatags, ...searches]);
    } catch {
      // A newer question replaced this one, or there is no answer: nothing to offer.
    }
  }

  listSearches() {
    const text = this.field.value.trimStart();
    return listSearches(text, text ? PAST : LIMIT).map((search) => ({ search }));
  }

  show(tags) {
    if (tags.length === 0) {
      this.close();
      return;
    }
    this.list.replaceChildren(...tags.map((tag, i) => makeItem(tag, `${this.list.id}-${i}`)));
    this.selected = -1;
    this.list.hidden = false;
    this.setExpanded(true);
  }

  select(index) {
    const items = [...this.list.children];
    this.selected = (index + items.length) % items.length;
    items.forEach((item, i) => item.setAttribute("aria-selected", String(i === this.selected)));
    items[this.selected].scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", items[this.selected].id);
  }

  take(item) {
    if (item.dataset.search) {
      this.field.value = item.dataset.search;
      this.close();
      return;
    }
    const { start, end } = wordAt(this.field);
    const { name } = item.dataset;
    this.field.setRangeText(name.endsWith(":") ? name : `${name} `, start, end, "end");
    this.close();
    if (name.endsWith(":")) {
      this.ask();
    } else if (!isMetatag(name)) {
      noteTags([name]);
    }
  }

  onKey(event) {
    if (this.list.hidden || event.isComposing) {
      return;
    }
    const item = this.list.children[this.selected];
    const actions = {
      ArrowDown: () => this.select(this.selected + 1),
      ArrowUp: () => this.select(this.selected < 0 ? -1 : this.selected - 1),
      Tab: () => this.take(item ?? this.list.children[0]),
      Enter: () => item && this.take(item),
      Escape: () => this.close(),
    };
    const action = actions[event.key];
    if (!action || event.ctrlKey || event.metaKey || event.shiftKey || (event.key === "Enter" && !item)) {
      return;
    }
    action();
    event.preventDefault();
    event.stopPropagation();
  }
}

export function completeTags() {
  for (const field of document.querySelectorAll("[data-complete]")) {
    new Completion(field);
  }
}
