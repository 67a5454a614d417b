// SPDX-License-Identifier: LGPL-2.1-or-later
// Turns the keys that somebody presses into the page's actions.
import { addShortcut, isField, isOff, listActions, tellReaders } from "./shortcuts.js";

const PATIENCE = 1500; // ms between the keys of a sequence
const NAMES = {
  ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down", Delete: "del", Escape: "esc",
  " ": "space", Enter: "enter", Home: "home", End: "end", PageUp: "pageup", PageDown: "pagedown",
};

let begun = []; // of a sequence
let timer = 0;

// "shift+d", as in data-shortcut. A sign that needs Shift has no Shift of its own.
function nameOf(event) {
  const letter = event.key.length === 1;
  const key = NAMES[event.key] ?? event.key.toLowerCase();
  const isSign = letter && event.key.toLowerCase() === event.key.toUpperCase() && event.key !== " ";
  return [event.ctrlKey || event.metaKey ? "ctrl+" : "", event.altKey ? "alt+" : "",
    event.shiftKey && !isSign ? "shift+" : "", key].join("");
}

// Whether the keys pressed so far are an action's, or begin those of one.
function find(typed) {
  const actions = listActions();
  const matching = actions.filter(({ keys }) => keys.split(" ").includes(typed));
  if (matching.some(({ run }) => run() !== false)) {
    return "done";
  }
  return actions.some(({ keys }) => keys.split(" ").some((key) => key.startsWith(`${typed}.`))) ? "begun" : "none";
}

function onKey(event) {
  if (event.defaultPrevented || event.isComposing) {
    return;
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form) {
    event.target.form.requestSubmit();
    return;
  }
  if (event.key === "Escape" && isField(event.target)) {
    event.target.blur();
    return;
  }
  if (isField(event.target) || isOff() || document.querySelector("dialog[open]")
    || ["Shift", "Control", "Alt", "Meta"].includes(event.key)
    || (event.key === "Enter" && event.target.matches?.("a, button, summary, input"))
    || (event.key === " " && event.target.matches?.("button, summary, input"))) {
    return;
  }
  const typed = [...begun, nameOf(event)].join(".");
  const found = find(typed);
  clearTimeout(timer);
  begun = found === "begun" ? typed.split(".") : [];
  timer = setTimeout(() => { begun = []; }, PATIENCE);
  if (found !== "none") {
    event.preventDefault();
  }
}

const scroll = (part) => () => window.scrollBy({ top: innerHeight * part, behavior: "instant" });

export function listenToKeys() {
  addShortcut("w", "Scroll up", scroll(-0.15));
  addShortcut("s", "Scroll down", scroll(0.15));
  const help = document.getElementById("keys");
  if (help) {
    help.hidden = false;
    help.addEventListener("click", () => import("./sheet.js").then(({ showSheet }) => showSheet()));
  }
  document.addEventListener("keydown", onKey);
  tellReaders();
}
