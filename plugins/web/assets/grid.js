// SPDX-License-Identifier: LGPL-2.1-or-later
// The gallery by keyboard: one stop of the Tab key, arrows from tile to tile, up and down by where the
// tiles are.

// The last row may be held back until it is full (endless.js).
const ifShown = (cell) => cell && !cell.classList.contains("held") ? cell : null;

export class Grid {
  // MORE is asked for more tiles at the end; it resolves to whether there were any.
  constructor(element, more) {
    this.element = element;
    this.more = more;
    this.at = null;
    this.adopt([...element.children]);
    element.addEventListener("focusin", ({ target }) => target.matches(".cell > a") && this.settle(target.parentElement));
    element.addEventListener("keydown", (event) => this.onKey(event));
  }

  // Cells that came: only one of all can be reached by Tab.
  adopt(cells) {
    for (const cell of cells) {
      cell.querySelector("a").tabIndex = -1;
      cell.querySelector("input").tabIndex = -1;
    }
    if (!this.at?.isConnected && this.element.firstElementChild) {
      this.settle(this.element.firstElementChild);
    }
  }

  settle(cell) {
    if (this.at) {
      this.at.querySelector("a").tabIndex = -1;
    }
    this.at = cell;
    cell.querySelector("a").tabIndex = 0;
  }

  focus(cell) {
    cell.querySelector("a").focus();
    cell.scrollIntoView({ block: "nearest", behavior: "instant" });
  }

  // Into the grid: to where somebody was, if that is on the screen, else to what is there.
  enter() {
    const isSeen = (cell) => {
      const { top, bottom } = cell.getBoundingClientRect();
      return bottom > 80 && top < innerHeight;
    };
    const cell = this.at && isSeen(this.at) ? this.at : [...this.element.children].find(isSeen);
    if (!cell) {
      return false;
    }
    this.focus(cell);
    return true;
  }

  // The cell of the row above (-1) or below (1) that lies nearest.
  beside(cell, direction) {
    const centre = cell.offsetLeft + cell.offsetWidth / 2;
    const step = direction < 0 ? "previousElementSibling" : "nextElementSibling";
    let row = null, best = null, distance = Infinity;
    for (let other = cell[step]; other; other = other[step]) {
      if (!ifShown(other)) {
        break;
      }
      if (other.offsetTop === cell.offsetTop) {
        continue;
      }
      row ??= other.offsetTop;
      const off = Math.abs(other.offsetLeft + other.offsetWidth / 2 - centre);
      if (other.offsetTop !== row || off > distance) {
        break;
      }
      best = other;
      distance = off;
    }
    return best;
  }

  find(cell, key) {
    switch (key) {
      case "ArrowLeft": return cell.previousElementSibling;
      case "ArrowRight": return ifShown(cell.nextElementSibling);
      case "ArrowUp": return this.beside(cell, -1);
      case "ArrowDown": return this.beside(cell, 1);
      case "Home": return this.element.firstElementChild;
      case "End": return [...this.element.children].findLast(ifShown);
      default: return undefined;
    }
  }

  async onKey(event) {
    const cell = event.target.closest(".cell");
    if (event.ctrlKey || event.altKey || event.metaKey || !cell) {
      return;
    }
    const next = this.find(cell, event.key);
    if (next === undefined) {
      return;
    }
    event.preventDefault();
    if (next) {
      this.move(cell, next, event.shiftKey);
    } else if (["ArrowRight", "ArrowDown"].includes(event.key) && await this.more()) {
      this.move(cell, this.find(cell, event.key) ?? cell, event.shiftKey);
    }
  }

  move(from, to, extend) {
    this.focus(to);
    if (extend) {
      this.element.dispatchEvent(new CustomEvent("extend", { detail: { from, to } }));
    }
  }
}
