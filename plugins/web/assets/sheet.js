// SPDX-License-Identifier: LGPL-2.1-or-later
// The sheet of the page's shortcuts: what there is, other keys for it, or none.
import { isOff, listActions, rebind, resetKeys, turnOff } from "./shortcuts.js";

const make = (name, attributes = {}, ...children) => {
  const element = Object.assign(document.createElement(name), attributes);
  element.append(...children);
  return element;
};

// Several elements may have one action, as "previous" at the top and at the bottom: it is shown once.
function listOnce() {
  const seen = new Map();
  for (const action of listActions()) {
    if (!seen.has(action.id)) {
      seen.set(action.id, action);
    }
  }
  return [...seen.values()];
}

function clean(text) {
  return text.trim().toLowerCase().split(/[\s|]+/).filter(Boolean).join(" ");
}

function showClashes(fields) {
  const users = new Map();
  for (const { field, label } of fields) {
    for (const key of clean(field.value).split(" ").filter(Boolean)) {
      users.set(key, [...(users.get(key) ?? []), label]);
    }
  }
  for (const { field, note, label } of fields) {
    const others = clean(field.value).split(" ").flatMap((key) => users.get(key) ?? []).filter((other) => other !== label);
    note.textContent = others.length ? `Also: ${[...new Set(others)].join(", ")}` : "";
  }
}

function makeRow(action, index, fields) {
  const field = make("input", {
    id: `key-${index}`, value: action.keys, placeholder: "none", autocomplete: "off", spellcheck: false,
  });
  const note = make("span", { className: "warn", id: `key-note-${index}` });
  field.setAttribute("aria-describedby", note.id);
  fields.push({ field, note, label: action.label });
  field.addEventListener("change", () => {
    field.value = clean(field.value);
    rebind(action.id, field.value);
    showClashes(fields);
  });
  return make("p", { className: "key" }, make("label", { htmlFor: field.id, textContent: action.label }), field, note);
}

export function showSheet() {
  document.querySelector("dialog.keys")?.remove();
  const fields = [];
  const off = make("input", { type: "checkbox", checked: !isOff(), id: "keys-on" });
  const reset = make("button", { type: "button", className: "button", textContent: "Use the default keys" });
  const close = make("button", { className: "button primary", textContent: "Close" });
  const heading = make("h2", { id: "keys-heading", textContent: "Keyboard shortcuts" });
  const dialog = make("dialog", { className: "keys sheet" }, make("form", { method: "dialog" },
    heading,
    make("p", { className: "switch" }, make("label", {}, off, " Shortcuts are on")),
    make("div", { className: "rows" }, ...listOnce().map((action, index) => makeRow(action, index, fields))),
    make("p", { className: "help", textContent: "Separate keys with spaces. “g.t” is g, then t. An empty field switches the shortcut off. This browser remembers the keys." }),
    make("p", { className: "acts" }, reset, close)));

  dialog.setAttribute("aria-labelledby", heading.id);
  off.addEventListener("change", () => turnOff(!off.checked));
  reset.addEventListener("click", () => {
    resetKeys();
    showSheet();
  });
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  showClashes(fields);
}
