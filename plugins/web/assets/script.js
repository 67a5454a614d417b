// SPDX-License-Identifier: LGPL-2.1-or-later
// Tag scripts, as Danbooru has them: in this mode a click on a tile changes the post at once. Nine of them
// are remembered, and the keys 1 to 9 choose among them.
import { applyScript, parseScript } from "./edits.js";
import { recall, remember } from "./store.js";
import { addShortcut } from "./shortcuts.js";
import { say } from "./say.js";

const N = 9;

export function offerScripts(grid, selection, { tell }) {
  const panel = document.getElementById("scripts");
  const field = panel.querySelector("input");
  const number = panel.querySelector("select");
  const open = document.getElementById("script");
  const scripts = recall("scripts", []);
  const message = panel.querySelector("[role=status]");

  const isOn = () => !panel.hidden;
  const setOn = (on) => {
    panel.hidden = !on;
    document.documentElement.classList.toggle("scripting", on);
    open.setAttribute("aria-pressed", String(on));
    if (on && selection.active) {
      selection.clear();
    }
  };

  const choose = (index) => {
    number.value = String(index);
    field.value = scripts[index - 1] ?? "";
    remember("script", index);
    setOn(true);
    say(`Tag script ${index}: ${field.value || "empty"}`);
  };

  const apply = async (cell) => {
    const id = Number(cell.querySelector("input").value);
    try {
      cell.classList.add("busy");
      const { failed } = await applyScript([id], parseScript(field.value), () => {});
      if (failed.length) {
        throw failed[0];
      }
      cell.classList.add("applied");
      message.textContent = `Post ${id} is changed.`;
    } catch (error) {
      message.textContent = error.message;
      field.focus();
    } finally {
      cell.classList.remove("busy");
    }
  };

  for (let index = 1; index <= N; index++) {
    number.append(new Option(String(index), String(index)));
    addShortcut(String(index), `Tag script ${index}`, () => choose(index));
  }
  number.addEventListener("change", () => choose(Number(number.value)));
  field.addEventListener("input", () => {
    scripts[Number(number.value) - 1] = field.value;
    remember("scripts", scripts);
    grid.querySelectorAll(".applied").forEach((cell) => cell.classList.remove("applied"));
  });
  panel.querySelector("button").addEventListener("click", () => setOn(false));
  open.addEventListener("click", () => {
    if (isOn()) {
      setOn(false);
    } else {
      choose(recall("script", 1));
      field.focus();
    }
  });
  addShortcut("esc", "End the tag script mode", () => isOn() && (setOn(false), tell(""), true));
  grid.addEventListener("click", (event) => {
    const cell = event.target.closest(".cell");
    if (isOn() && cell && !event.ctrlKey && !event.metaKey && event.target.closest("a")) {
      event.preventDefault();
      event.stopImmediatePropagation();
      apply(cell);
    }
  }, { capture: true });
}
