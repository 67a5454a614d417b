// SPDX-License-Identifier: LGPL-2.1-or-later
// Which posts of the gallery are selected: by check box, x or Space, ranges by Shift, dragging, Ctrl+A.
// Posts can be selected that have no tile yet, as "all of this search" does.
import { addShortcut } from "./shortcuts.js";
import { say } from "./say.js";

export class Selection extends EventTarget {
  constructor(element, grid) {
    super();
    this.element = element;
    this.grid = grid;
    this.ids = new Set();
    this.whole = false; // all of the search
    this.anchor = null;
    this.adopt([...element.children]);
    this.listen();
  }

  static idOf = (cell) => Number(cell.querySelector("input").value);

  get active() {
    return document.documentElement.classList.contains("selecting");
  }

  // Boxes that the browser checked again, and tiles of posts that are selected already.
  adopt(cells) {
    for (const cell of cells) {
      const box = cell.querySelector("input");
      if (box.checked) {
        this.ids.add(Number(box.value));
      }
      box.checked = this.whole || this.ids.has(Number(box.value));
    }
    this.changed(true);
  }

  set(cells, on) {
    this.assign(cells, () => on);
  }

  // ISON says it of each cell.
  assign(cells, isOn) {
    for (const cell of cells) {
      const id = Selection.idOf(cell);
      const on = isOn(cell, id);
      cell.querySelector("input").checked = on;
      if (on) {
        this.ids.add(id);
      } else {
        this.whole &&= !this.ids.delete(id);
      }
    }
    this.changed();
  }

  toggle(cell) {
    const on = !cell.querySelector("input").checked;
    this.anchor = cell;
    this.set([cell], on);
    say(`${on ? "Selected" : "Not selected"}. ${this.ids.size} selected.`);
  }

  range(from, to) {
    const cells = [...this.element.children];
    const [first, last] = [cells.indexOf(from), cells.indexOf(to)].sort((a, b) => a - b);
    return cells.slice(Math.max(first, 0), last + 1);
  }

  extendTo(cell) {
    this.set(this.range(this.anchor ?? cell, cell), true);
    say(`${this.ids.size} selected.`);
  }

  // Ids without tiles too.
  setAll(ids) {
    this.whole = true;
    ids.forEach((id) => this.ids.add(id));
    for (const cell of this.element.children) {
      cell.querySelector("input").checked = this.ids.has(Selection.idOf(cell));
    }
    this.changed();
  }

  clear() {
    this.ids.clear();
    this.whole = false;
    this.anchor = null;
    this.element.querySelectorAll("input:checked").forEach((box) => { box.checked = false; });
    this.setActive(false);
  }

  setActive(active) {
    document.documentElement.classList.toggle("selecting", active);
    this.dispatchEvent(new Event("change"));
  }

  changed(quiet = false) {
    if (this.ids.size > 0) {
      document.documentElement.classList.add("selecting");
    }
    if (!quiet || this.ids.size > 0) {
      this.dispatchEvent(new Event("change"));
    }
  }

  // What the keys mean: the tile that has the focus, else the one under the pointer.
  subject() {
    return document.activeElement?.closest?.(".grid > .cell") ?? this.element.querySelector(".cell:hover");
  }

  listen() {
    addShortcut("x space", "Select the post", () => {
      const cell = this.subject();
      return cell ? this.toggle(cell) : this.grid.enter();
    });
    addShortcut("ctrl+a", "Select all posts that are loaded", () => {
      this.set([...this.element.children], true);
      say(`${this.ids.size} selected.`);
    });
    addShortcut("esc", "Give up the selection", () => this.active && (this.clear(), true));

    this.element.addEventListener("extend", ({ detail: { from, to } }) => {
      this.anchor ??= from;
      this.extendTo(to);
    });
    this.element.addEventListener("change", ({ target }) => {
      const cell = target.closest(".cell");
      this.anchor = cell;
      this.set([cell], target.checked);
    });
    this.element.addEventListener("click", (event) => this.onClick(event));
    this.listenToDrags();
  }

  onClick(event) {
    const cell = event.target.closest(".cell");
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (event.shiftKey && (this.anchor || this.active)) {
      event.preventDefault();
      this.extendTo(cell);
    } else if (this.active && event.target.closest("a")) {
      event.preventDefault();
      if (!this.dragged) {
        this.toggle(cell);
      }
    }
  }

  // From the tile where the button went down to the one where it is now.
  listenToDrags() {
    let from = null;
    let before = null;

    this.element.addEventListener("dragstart", (event) => this.active && event.preventDefault());
    this.element.addEventListener("pointerdown", (event) => {
      this.dragged = false;
      const mayDrag = this.active && event.button === 0 && event.pointerType === "mouse" && !event.shiftKey;
      from = mayDrag && event.target.closest("a") ? event.target.closest(".cell") : null;
      before = new Set(this.ids);
    });
    this.element.addEventListener("pointermove", (event) => {
      const to = from && event.buttons === 1 ? event.target.closest(".cell") : null;
      if (!to || (to === from && !this.dragged)) {
        return;
      }
      this.dragged = true;
      const within = new Set(this.range(from, to));
      const on = !before.has(Selection.idOf(from));
      this.assign([...this.element.children], (cell, id) => within.has(cell) ? on : before.has(id));
      this.anchor = to;
    });
    addEventListener("pointerup", () => { from = null; });
  }
}
