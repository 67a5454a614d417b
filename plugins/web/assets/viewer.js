// SPDX-License-Identifier: LGPL-2.1-or-later
// A picture as large as the window: fitted, then zoomed by wheel, pinch, double click or keys, and moved by
// dragging. Without scripts the link leads to the original.

const LARGEST = 8; // times the original
const STEP = 1.25;

export class Viewer {
  constructor(link) {
    this.link = link;
    this.pointers = new Map();
    link.addEventListener("click", (event) => {
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
        event.preventDefault();
        this.open();
      }
    });
  }

  open() {
    const shown = this.link.querySelector("picture img, img:not(.behind)");
    this.dialog = document.createElement("dialog");
    this.dialog.className = "viewer";
    this.dialog.setAttribute("aria-label", shown.alt);
    this.picture = new Image();
    this.picture.alt = shown.alt;
    this.picture.draggable = false;
    this.width = Number(shown.getAttribute("width"));
    this.height = Number(shown.getAttribute("height"));
    // What is there already, until the original is.
    this.picture.src = shown.currentSrc || shown.src;
    const original = new Image();
    original.src = this.link.href;
    original.decode().then(() => { this.picture.src = original.src; }, () => {});
    this.picture.width = this.width;
    this.picture.height = this.height;
    this.dialog.append(this.picture, this.makeTools());
    document.body.append(this.dialog);
    this.dialog.addEventListener("close", () => {
      this.dialog.remove();
      removeEventListener("resize", this.refit);
      this.link.focus({ preventScroll: true });
    });
    this.dialog.showModal();
    this.refit = () => this.fit();
    addEventListener("resize", this.refit);
    this.listen();
    this.fit();
  }

  makeTools() {
    const tools = document.createElement("p");
    tools.className = "tools";
    const add = (text, label, action) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "tool";
      button.textContent = text;
      button.setAttribute("aria-label", label);
      button.addEventListener("click", action);
      tools.append(button);
      return button;
    };
    add("−", "Smaller", () => this.zoom(1 / STEP));
    this.percent = add("", "Switch between fitted and full size", () => this.toggle());
    add("+", "Larger", () => this.zoom(STEP));
    add("✕", "Close", () => this.dialog.close());
    return tools;
  }

  get fitted() {
    return Math.min(innerWidth / this.width, innerHeight / this.height, 1);
  }

  // A strip is fitted to its width, and read from its top.
  fit() {
    const tall = this.height > 2.5 * this.width;
    this.scale = tall ? Math.min(innerWidth / this.width, 1) : this.fitted;
    this.x = (innerWidth - this.width * this.scale) / 2;
    this.y = tall ? 0 : (innerHeight - this.height * this.scale) / 2;
    this.draw();
  }

  // About a point of the window, its middle where nothing is said.
  zoom(factor, x = innerWidth / 2, y = innerHeight / 2) {
    const scale = Math.min(Math.max(this.scale * factor, this.fitted / 2, 0.01), LARGEST);
    this.x = x - (x - this.x) * scale / this.scale;
    this.y = y - (y - this.y) * scale / this.scale;
    this.scale = scale;
    this.draw();
  }

  toggle(x, y) {
    if (Math.abs(this.scale - 1) < 0.01) {
      this.fit();
    } else {
      this.zoom(1 / this.scale, x, y);
    }
  }

  move(x, y) {
    this.x += x;
    this.y += y;
    this.draw();
  }

  // Some of the picture always stays in the window.
  draw() {
    const hold = (at, size, room) => size <= room ? Math.min(Math.max(at, 0), room - size)
      : Math.min(Math.max(at, room - size), 0);
    this.x = hold(this.x, this.width * this.scale, innerWidth);
    this.y = hold(this.y, this.height * this.scale, innerHeight);
    this.picture.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
    this.percent.textContent = `${Math.round(this.scale * 100)} %`;
  }

  listen() {
    const { dialog, picture } = this;
    dialog.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? STEP : 1 / STEP, event.clientX, event.clientY);
    }, { passive: false });
    dialog.addEventListener("dblclick", (event) => !event.target.closest("button") && this.toggle(event.clientX, event.clientY));
    dialog.addEventListener("click", (event) => event.target === dialog && !this.moved && dialog.close());
    dialog.addEventListener("pointerdown", (event) => {
      if (!event.target.closest("button")) {
        this.moved = false;
        this.pointers.set(event.pointerId, event);
        picture.setPointerCapture(event.pointerId);
      }
    });
    dialog.addEventListener("pointermove", (event) => this.onMove(event));
    for (const kind of ["pointerup", "pointercancel"]) {
      dialog.addEventListener(kind, ({ pointerId }) => this.pointers.delete(pointerId));
    }
    dialog.addEventListener("keydown", (event) => this.onKey(event));
  }

  onMove(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) {
      return;
    }
    const [other] = [...this.pointers.values()].filter(({ pointerId }) => pointerId !== event.pointerId);
    if (other) {
      const distance = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
      this.zoom(distance(event) / Math.max(distance(before), 1), (event.clientX + other.clientX) / 2, (event.clientY + other.clientY) / 2);
    }
    const share = other ? 0.5 : 1;
    this.move((event.clientX - before.clientX) * share, (event.clientY - before.clientY) * share);
    this.moved = true;
    this.pointers.set(event.pointerId, event);
  }

  onKey(event) {
    const far = Math.min(innerWidth, innerHeight) / 4;
    const actions = {
      "+": () => this.zoom(STEP), "=": () => this.zoom(STEP), "-": () => this.zoom(1 / STEP),
      "0": () => this.fit(), "1": () => this.zoom(1 / this.scale), "z": () => this.dialog.close(),
      ArrowLeft: () => this.move(far, 0), ArrowRight: () => this.move(-far, 0),
      ArrowUp: () => this.move(0, far), ArrowDown: () => this.move(0, -far),
    };
    if (!event.ctrlKey && !event.metaKey && !event.altKey && actions[event.key]) {
      actions[event.key]();
      event.preventDefault();
      event.stopPropagation();
    }
  }
}
