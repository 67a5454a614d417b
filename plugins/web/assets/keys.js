// SPDX-License-Identifier: LGPL-2.1-or-later
// "/" searches, the arrows turn pages, "e" edits, Ctrl+Enter saves, Delete moves a post to the trash and
// goes on to the next one.

const isField = (element) => element.matches("input, textarea, select, video, [contenteditable]");

export function listenToKeys(edit) {
  const follow = (rel) => {
    const link = document.querySelector(`a[rel="${rel}"]`);
    link?.click();
    return Boolean(link);
  };

  const startEditing = () => {
    if (!edit) {
      return false;
    }
    edit.open = true;
    edit.querySelector("textarea").focus();
    edit.scrollIntoView({ block: "nearest" });
    return true;
  };

  const startSearching = () => {
    const search = document.getElementById("search");
    search.focus();
    search.select();
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form) {
      event.target.form.requestSubmit();
      return;
    }
    if (event.key === "Escape" && isField(event.target)) {
      event.target.blur();
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || isField(event.target)) {
      return;
    }

    const deletePost = () => {
      const button = document.querySelector("[aria-keyshortcuts=Delete]");
      button?.click();
      return Boolean(button);
    };

    const actions = {
      "/": startSearching,
      "e": startEditing,
      "Delete": deletePost,
      "ArrowLeft": () => follow("prev"),
      "ArrowRight": () => follow("next"),
    };
    if (actions[event.key]?.()) {
      event.preventDefault();
    }
  });
}
