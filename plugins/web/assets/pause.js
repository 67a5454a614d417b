// SPDX-License-Identifier: LGPL-2.1-or-later
// Animated pictures can be paused. They start paused where reduced motion is preferred.

export function offerPause() {
  const picture = document.querySelector("img[data-moves]");
  if (!picture) {
    return;
  }
  const still = document.createElement("canvas");
  const button = document.createElement("button");
  const label = picture.alt;

  const pause = () => {
    still.width = picture.naturalWidth;
    still.height = picture.naturalHeight;
    still.getContext("2d").drawImage(picture, 0, 0);
    still.hidden = false;
    picture.hidden = true;
    button.textContent = "Play";
  };
  const play = () => {
    still.hidden = true;
    picture.hidden = false;
    button.textContent = "Pause";
  };

  still.className = picture.className;
  still.hidden = true;
  still.setAttribute("role", "img");
  still.setAttribute("aria-label", label);
  picture.after(still);
  button.type = "button";
  button.className = "button pause";
  button.textContent = "Pause";
  button.addEventListener("click", () => (still.hidden ? pause() : play()));
  picture.closest("figure").after(button); // not in it: the smallest are smaller than a button

  if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) {
    picture.decode().then(pause, () => {});
  }
}
