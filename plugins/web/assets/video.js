// SPDX-License-Identifier: LGPL-2.1-or-later
// Videos play as the last one did: as loud, and again and again or once.
import { recall, remember } from "./store.js";

export function rememberVideo() {
  const video = document.querySelector(".picture video");
  if (!video) {
    return;
  }
  const kept = { volume: 1, muted: false, loop: true, ...recall("video", {}) };
  const keep = () => remember("video", { volume: video.volume, muted: video.muted, loop: video.loop });
  const label = document.createElement("label");
  const box = document.createElement("input");

  Object.assign(video, kept);
  video.addEventListener("volumechange", keep);
  box.type = "checkbox";
  box.checked = video.loop;
  box.addEventListener("change", () => {
    video.loop = box.checked;
    keep();
  });
  label.className = "loop";
  label.append(box, " Repeat");
  video.closest("figure").after(label);
}
