// SPDX-License-Identifier: LGPL-2.1-or-later
// The page of a post.
import { offerShare } from "./share.js";
import { offerToggles } from "./toggles.js";
import { rememberVideo } from "./video.js";
import { turnBySwipes } from "./swipe.js";
import { Viewer } from "./viewer.js";

const zoom = document.querySelector("a.zoom");
const figure = document.querySelector("figure.picture");

if (zoom) {
  new Viewer(zoom);
}
if (figure) {
  turnBySwipes(figure);
}
rememberVideo();
offerToggles();
offerShare();
