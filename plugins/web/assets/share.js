// SPDX-License-Identifier: LGPL-2.1-or-later
// Copies the link of a post, its tags, or the picture itself.
import { say } from "./say.js";

// The clipboard takes PNG only.
async function toPng(url) {
  const bitmap = await createImageBitmap(await (await fetch(url)).blob());
  const canvas = document.createElement("canvas");
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext("2d").drawImage(bitmap, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

const KINDS = {
  link: () => navigator.clipboard.writeText(new URL(location.pathname, location.href).href),
  tags: ({ dataset }) => navigator.clipboard.writeText(dataset.tags),
  picture: () => navigator.clipboard.write([new ClipboardItem({ "image/png": toPng(document.querySelector("a.zoom").href) })]),
};

export function offerShare() {
  const box = document.getElementById("share");
  // Browsers allow it to pages that are served safely.
  if (!box || !navigator.clipboard) {
    return;
  }
  box.hidden = false;
  box.addEventListener("click", async ({ target }) => {
    const button = target.closest("[data-share]");
    if (!button) {
      return;
    }
    const label = button.textContent;
    const done = await KINDS[button.dataset.share](button).then(() => true, () => false);
    button.textContent = done ? "Copied" : "Not copied";
    say(button.textContent);
    setTimeout(() => { button.textContent = label; }, 2000);
  });
}
