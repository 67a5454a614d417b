// SPDX-License-Identifier: LGPL-2.1-or-later
// Tells screen readers what happened where nothing else says it.

let region = null;

export function say(text) {
  if (!region) {
    region = document.createElement("p");
    region.className = "hidden";
    region.setAttribute("role", "status");
    document.body.append(region);
  }
  region.textContent = text;
}
