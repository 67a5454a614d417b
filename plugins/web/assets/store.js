// SPDX-License-Identifier: LGPL-2.1-or-later
// What this browser remembers. Where it remembers nothing, it holds until the page is left.

const PREFIX = "booru.";

export function recall(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Full, or not allowed.
  }
}
