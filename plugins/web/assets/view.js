// SPDX-License-Identifier: LGPL-2.1-or-later
// How somebody likes the gallery: the size of its tiles, endless or in pages, with a preview or without.
import { recall, remember } from "./store.js";

const FACTORS = { xs: 0.6, s: 0.8, m: 1, l: 1.4, xl: 2 };
const view = { tiles: "m", endless: true, preview: true, ...recall("view", {}) };

export const isEndless = () => view.endless;
export const hasPreview = () => view.preview;

// Larger tiles take larger thumbnails.
export function fitSources(cells) {
  const factor = FACTORS[view.tiles] ?? 1;
  for (const picture of cells.flatMap((cell) => [...cell.querySelectorAll("img[sizes]")])) {
    picture.dataset.sizes ??= picture.sizes;
    const fitting = picture.dataset.sizes.replaceAll(/(\d+)px(?=,|$)/g, (_, width) => `${Math.round(width * factor)}px`);
    if (fitting !== picture.sizes) {
      picture.sizes = fitting;
    }
  }
}

export function offerView(grid, onChange) {
  const menu = document.getElementById("view");
  for (const field of menu.querySelectorAll("input")) {
    field.checked = field.type === "radio" ? field.value === view.tiles : view[field.name];
  }
  menu.addEventListener("change", ({ target }) => {
    view[target.name] = target.type === "radio" ? target.value : target.checked;
    remember("view", view);
    document.documentElement.dataset.tiles = view.tiles;
    fitSources([...grid.children]);
    onChange();
  });
  fitSources([...grid.children]);
}

// On a phone the page's tags would come after all pictures: they lie over them instead.
export function offerTags() {
  const button = document.getElementById("page-tags");
  const side = document.getElementById("side");
  const setOpen = (open) => {
    side.classList.toggle("open", open);
    button.setAttribute("aria-expanded", String(open));
  };
  button?.addEventListener("click", () => setOpen(!side.classList.contains("open")));
  document.addEventListener("pointerdown", ({ target }) => button && !button.contains(target) && !side.contains(target) && setOpen(false));
  document.addEventListener("keydown", ({ key }) => button && key === "Escape" && setOpen(false));
}

// Menus close when something else is pressed.
export function closeMenus() {
  const closeOthers = ({ target }) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(target)) {
        menu.open = false;
      }
    }
  };
  document.addEventListener("pointerdown", closeOthers);
  document.addEventListener("focusin", closeOthers);
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
      event.preventDefault();
    }
  });
}
