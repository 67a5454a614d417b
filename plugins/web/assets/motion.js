// SPDX-License-Identifier: LGPL-2.1-or-later
// In the gallery, what moves does so while a pointer or the keyboard's focus is on it. Nobody who
// asks for less motion gets any, and without this the pictures stand still.

// A pointer that only passes by starts nothing.
const PATIENCE = 120;

export function playOnHover() {
  const grid = document.querySelector(".grid");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  let link = null;
  let timer = 0;
  let moving = null;

  const stop = () => {
    clearTimeout(timer);
    moving?.remove();
    link = moving = null;
  };

  // Laid over the still picture once it is there; where there is none, nothing happens.
  const show = (still) => {
    const picture = new Image();
    moving = picture;
    picture.className = "moving";
    picture.classList.toggle("alpha", still.classList.contains("alpha"));
    picture.alt = "";
    picture.addEventListener("load", () => moving === picture && still.after(picture));
    picture.src = still.dataset.motion;
  };

  const start = (element) => {
    const next = element.closest?.(".cell a");
    const still = next?.querySelector("[data-motion]");
    if (next === link) {
      return;
    }
    stop();
    if (still && !calm.matches) {
      link = next;
      timer = setTimeout(show, PATIENCE, still);
    }
  };

  if (!grid) {
    return;
  }
  grid.addEventListener("pointerover", (event) => event.pointerType !== "touch" && start(event.target));
  grid.addEventListener("pointerleave", stop);
  grid.addEventListener("focusin", (event) => event.target.matches(":focus-visible") && start(event.target));
  grid.addEventListener("focusout", stop);
  calm.addEventListener("change", stop);
}
