// SPDX-License-Identifier: LGPL-2.1-or-later
// A pointer that rests on a tile is shown the picture larger, with its tags and facts.
import { hasPreview } from "./view.js";

const DELAY = 500; // ms, as Danbooru's tooltips
const HIDE = 125;
const SIZE = 480; // pixels at most

export function peekAtTiles(grid) {
  const mouse = matchMedia("(hover: hover) and (pointer: fine)");
  let link = null;
  let box = null;
  let timer = 0;

  const hide = () => {
    clearTimeout(timer);
    if (link) {
      link.title = link.dataset.title ?? link.title;
    }
    box?.remove();
    box = link = null;
  };

  const place = (tile) => {
    const gap = 12;
    const { left, right, top, height } = tile.getBoundingClientRect();
    const { width: boxWidth, height: boxHeight } = box.getBoundingClientRect();
    const side = right + gap + boxWidth < innerWidth ? right + gap : left - gap - boxWidth;
    box.style.left = `${Math.max(gap, Math.min(side, innerWidth - boxWidth - gap))}px`;
    box.style.top = `${Math.max(gap, Math.min(top + height / 2 - boxHeight / 2, innerHeight - boxHeight - gap))}px`;
  };

  const show = () => {
    const still = link.querySelector("img");
    const largest = (still.dataset.srcset ?? still.srcset).split(", ").at(-1).split(" ")[0];
    const picture = new Image();
    const text = document.createElement("p");
    box = document.createElement("div");
    box.className = "peek";
    box.setAttribute("aria-hidden", "true"); // the tile says the same
    picture.alt = "";
    picture.className = still.className;
    const ratio = Number(still.getAttribute("width")) / Number(still.getAttribute("height"));
    picture.width = Math.round(Math.min(SIZE, innerHeight * 0.6 * ratio, SIZE * ratio));
    picture.height = Math.round(picture.width / ratio);
    picture.src = link.querySelector("[data-motion]")?.dataset.motion || largest;
    text.textContent = link.dataset.title;
    box.append(picture, text);
    document.body.append(box);
    place(link);
  };

  const start = (event) => {
    const next = event.target.closest?.(".cell a");
    if (next === link) {
      clearTimeout(timer);
      return;
    }
    hide();
    if (next && hasPreview() && mouse.matches && event.pointerType === "mouse") {
      link = next;
      // The browser's own tooltip would lie over it.
      link.dataset.title ??= link.title;
      link.title = "";
      timer = setTimeout(show, DELAY);
    }
  };

  grid.addEventListener("pointerover", start);
  grid.addEventListener("pointerleave", () => {
    clearTimeout(timer);
    timer = setTimeout(hide, HIDE);
  });
  grid.addEventListener("pointerdown", hide);
  addEventListener("scroll", hide, { passive: true });
  addEventListener("keydown", hide);
  addEventListener("pagehide", hide);
}
