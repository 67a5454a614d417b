// SPDX-License-Identifier: LGPL-2.1-or-later
// Shortcuts, declared on the element that they press: data-shortcut="a left". Keys are separated by
// spaces, and the keys of a sequence by dots ("g.t"). data-shortcut-when is a selector that the element
// has to match for the shortcut to count. Somebody may give an action other keys, or none; the action
// is called by the keys that it has by default, so that it is the same one on all pages.

const STORE = "booru.keys";
const OFF = "off"; // single keys do nothing
const ARIA = {
  left: "ArrowLeft", right: "ArrowRight", up: "ArrowUp", down: "ArrowDown", del: "Delete", esc: "Escape",
  space: "Space", enter: "Enter", home: "Home", end: "End", pageup: "PageUp", pagedown: "PageDown",
  ctrl: "Control", shift: "Shift",
};

const own = []; // { keys, label, run }: of scripts, without an element
let chosen = load();

function load() {
  try {
    return JSON.parse(localStorage.getItem(STORE)) ?? {};
  } catch {
    return {}; // nothing can be kept, or it is none of ours
  }
}

const NOT_TEXT = "[type=checkbox], [type=radio], [type=button], [type=submit], [type=range]";

export const isField = (element) => element.matches?.("input, textarea, select, video, [contenteditable]")
  && !element.matches(NOT_TEXT);

const isShown = (element) => element.getClientRects().length > 0;

const counts = (element) => !element.disabled && (isShown(element) || element.matches("[data-shortcut-hidden]"))
  && (!element.dataset.shortcutWhen || element.matches(element.dataset.shortcutWhen));

const labelOf = (element) => element.dataset.shortcutLabel || element.getAttribute("aria-label")
  || element.labels?.[0]?.textContent.trim() || element.textContent.replaceAll(/\s+/g, " ").trim();

// What pressing it means for this kind of element.
function press(element) {
  const fold = element.matches("summary") && element.parentElement;
  if (fold) {
    const field = fold.querySelector("textarea, input:not([type=hidden]), a");
    fold.open = true;
    (field ?? element).focus();
    (field ?? element).scrollIntoView({ block: "nearest" });
  } else if (isField(element)) {
    element.focus();
    element.select?.();
  } else {
    element.click();
  }
}

// All actions of the page as it is now: { id, keys, label, run }.
export function listActions() {
  const ofElements = [...document.querySelectorAll("[data-shortcut]")].map((element) => ({
    id: element.dataset.shortcut,
    label: labelOf(element),
    element,
    run: () => counts(element) && (press(element), true),
  }));
  return [...ofElements, ...own.map((action) => ({ ...action, id: action.keys }))].map((action) => ({
    ...action, keys: chosen[action.id] ?? action.id,
  }));
}

// An action that no element of the page has. RUN answers false if there was nothing to do.
export function addShortcut(keys, label, run) {
  own.push({ keys, label, run });
}

export const isOff = () => chosen[OFF] === true;

function store() {
  try {
    localStorage.setItem(STORE, JSON.stringify(chosen));
  } catch {
    // It holds until the page is left.
  }
  tellReaders();
}

export function turnOff(off) {
  chosen[OFF] = off;
  store();
}

// Gives an action keys of somebody's own; "" is none, null those it has by default.
export function rebind(id, keys) {
  if (keys === null || keys === id) {
    delete chosen[id];
  } else {
    chosen[id] = keys;
  }
  store();
}

export function resetKeys() {
  chosen = {};
  store();
}

// Screen readers say the keys that hold.
export function tellReaders() {
  for (const { element, keys } of listActions()) {
    const shown = isOff() ? "" : keys.split(" ").filter((key) => key && !key.includes("."))
      .map((key) => key.split("+").map((part) => ARIA[part] ?? part).join("+")).join(" ");
    if (shown) {
      element?.setAttribute("aria-keyshortcuts", shown);
    } else {
      element?.removeAttribute("aria-keyshortcuts");
    }
  }
}

addEventListener("storage", ({ key }) => {
  if (key === STORE) {
    chosen = load();
    tellReaders();
  }
});
