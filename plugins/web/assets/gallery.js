// SPDX-License-Identifier: LGPL-2.1-or-later
// The page of the gallery.
import { Endless } from "./endless.js";
import { Grid } from "./grid.js";
import { Selection } from "./selection.js";
import { addShortcut } from "./shortcuts.js";
import { closeMenus, fitSources, offerTags, offerView } from "./view.js";
import { offerBulk } from "./bulk.js";
import { peekAtTiles } from "./peek.js";
import { tellReaders } from "./shortcuts.js";

const element = document.querySelector(".grid");

closeMenus();
offerTags();
if (element) {
  const grid = new Grid(element, () => endless.load());
  const selection = new Selection(element, grid);
  const endless = new Endless(element, (cells) => {
    fitSources(cells);
    grid.adopt(cells);
    selection.adopt(cells);
    tellReaders();
  });

  addShortcut("j", "Go to the posts", () => grid.enter());
  offerView(element, () => endless.renew());
  offerBulk(element, selection, endless);
  peekAtTiles(element);
  document.getElementById("slides").addEventListener("click", () => {
    const start = Math.max(endless.notePlace(), 0);
    import("./slides.js").then(({ showSlides }) => showSlides(start));
  });
}
