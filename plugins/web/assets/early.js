// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs before anything is drawn, so that nothing moves afterwards: what needs scripts is shown, and the
// tiles have their size.
document.documentElement.classList.add("js");
try {
  document.documentElement.dataset.tiles = JSON.parse(localStorage.getItem("booru.view"))?.tiles ?? "m";
} catch {
  // Nothing is kept, or it is none of ours.
}
