// SPDX-License-Identifier: LGPL-2.1-or-later
// Asks before a page with unsaved changes is left.

const contentOf = (form) => JSON.stringify([...new FormData(form)].map(([name, value]) =>
  [name, value instanceof File ? value.name : value]));

const saved = new Map();
const isChanged = (form) => form.isConnected && form.hasAttribute("data-guard") && contentOf(form) !== saved.get(form);

const ask = (event) => {
  if ([...saved.keys()].some(isChanged)) {
    event.preventDefault();
  }
};

// A beforeunload listener keeps the page out of the back/forward cache, so it is there only while needed.
const update = () => {
  const changed = [...saved.keys()].some(isChanged);
  (changed ? addEventListener : removeEventListener)("beforeunload", ask);
};

export function guardForms() {
  document.querySelectorAll("form[data-guard]").forEach((form) => {
    if (saved.has(form)) {
      return;
    }
    saved.set(form, contentOf(form));
    form.addEventListener("input", update);
    form.addEventListener("submit", () => {
      saved.set(form, contentOf(form));
      update();
    });
  });
}
