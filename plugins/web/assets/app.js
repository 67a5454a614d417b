// SPDX-License-Identifier: LGPL-2.1-or-later
// Every page works without this; here is what makes it quicker to use.
import { offerCopies } from "./copy.js";
import { listenToKeys } from "./keys.js";
import { completeTags } from "./complete.js";
import { guardForms } from "./forms.js";
import { watchForPosts } from "./live.js";
import { prepareUpload } from "./upload.js";
import { pickPictures } from "./pick.js";
import { playOnHover } from "./motion.js";
import { offerPause } from "./pause.js";
import { playUgoira } from "./ugoira.js";

// A link to the form opens it.
const edit = document.getElementById("edit");
const openEdit = () => {
  if (edit && location.hash === "#edit") {
    edit.open = true;
    edit.querySelector("textarea").focus();
  }
};
window.addEventListener("hashchange", openEdit);
openEdit();

listenToKeys();
offerCopies();
completeTags();
guardForms();
watchForPosts();
prepareUpload();
pickPictures();
playOnHover();
playUgoira();
offerPause();
