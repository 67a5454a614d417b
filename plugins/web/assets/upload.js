// SPDX-License-Identifier: LGPL-2.1-or-later
// Files are dropped anywhere, or pasted; those that are on the board already are told; the progress of
// an upload is shown.
import { base } from "./base.js";
import { completeTags } from "./complete.js";
import { guardForms } from "./forms.js";
import { md5 } from "./md5.js";

function sizeOf(bytes) {
  const units = ["B", "kB", "MB", "GB"];
  let unit = 0;
  while (bytes >= 1000 && unit < units.length - 1) {
    bytes /= 1000;
    unit++;
  }
  return `${bytes.toFixed(unit ? 1 : 0)} ${units[unit]}`;
}

// Files up to this are compared with the board before they are sent.
const COMPARE_LIMIT = 1024 * 1024 * 1024;

async function findPost(file) {
  if (file.size > COMPARE_LIMIT) {
    return null;
  }
  const search = encodeURIComponent(`md5:${await md5(file)} status:any`);
  const answer = await fetch(`${base}posts.json?only=id&tags=${search}`);
  return answer.ok ? (await answer.json())[0]?.id : null;
}

// One at a time, in the order of the list.
let comparing = Promise.resolve();

function announceDuplicate(file, note) {
  comparing = comparing.then(async () => {
    const id = note.isConnected ? await findPost(file) : null;
    if (id) {
      const link = document.createElement("a");
      link.href = `${base}posts/${id}`;
      link.textContent = `post ${id}`;
      note.append("Already on the board as ", link, ". Its tags are kept, and yours are added.");
    }
  }).catch(() => {
    // It cannot be read, or nobody answers: uploading says what is wrong.
  });
}

function makeItem(file, remove) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  const note = document.createElement("span");
  const button = document.createElement("button");
  name.textContent = `${file.name} (${sizeOf(file.size)})`;
  note.className = "note";
  note.setAttribute("role", "status");
  button.type = "button";
  button.className = "button small";
  button.textContent = "Remove";
  button.setAttribute("aria-label", `Remove ${file.name}`);
  button.addEventListener("click", () => remove(file));
  item.append(name, note, button);
  return item;
}

function watchFiles(form) {
  const input = form.querySelector("#files");
  const list = form.querySelector("#chosen");
  const items = new Map();

  const choose = (files) => {
    const all = new DataTransfer();
    files.forEach((file) => all.items.add(file));
    input.files = all.files;
    show();
  };

  const remove = (file) => {
    choose([...input.files].filter((other) => other !== file));
    (list.querySelector("button") ?? input).focus();
  };

  const show = () => {
    const files = [...input.files];
    const shown = files.map((file) => items.get(file) ?? makeItem(file, remove));
    list.replaceChildren(...shown);
    files.forEach((file, i) => {
      if (!items.has(file)) {
        announceDuplicate(file, shown[i].querySelector(".note"));
      }
    });
    items.clear();
    files.forEach((file, i) => items.set(file, shown[i]));
    form.dispatchEvent(new Event("input"));
  };

  input.addEventListener("change", show);
  return (files) => choose([...input.files, ...files]);
}

function showProgress(form) {
  const progress = form.querySelector("#progress");
  const text = form.querySelector("#progress-text");
  const button = form.querySelector("button[type=submit]");

  form.addEventListener("submit", (event) => {
    const request = new XMLHttpRequest();
    const fail = (message) => {
      button.disabled = false;
      text.textContent = message;
    };

    event.preventDefault();
    button.disabled = true;
    progress.parentElement.hidden = false;
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      progress.max = total;
      progress.value = loaded;
      text.textContent = `${sizeOf(loaded)} of ${sizeOf(total)}`;
    });
    request.addEventListener("load", () => {
      if (request.status < 400) {
        form.removeAttribute("data-guard");
        location.assign(request.responseURL);
        return;
      }
      const answer = new DOMParser().parseFromString(request.responseText, "text/html");
      const reason = answer.querySelector("#upload-error, #main p:not(.status)")?.textContent;
      fail(reason ?? `The upload failed (${request.status}).`);
    });
    request.addEventListener("error", () => fail ("The connection was lost. Try again."));
    request.open("POST", form.action);
    request.send(new FormData(form));
  });
}

function prepare(form) {
  form.querySelectorAll(".with-script").forEach((element) => element.hidden = false);
  showProgress(form);
  return watchFiles(form);
}

// Where there is no form for it, that of the page for uploads takes the page's place.
async function openForm() {
  const url = document.querySelector(".places a[href$='/upload']").href;
  const answer = await fetch(url);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const shell = document.importNode(page.querySelector(".shell"), true);
  document.querySelector(".shell").replaceWith(shell);
  document.title = page.title;
  history.pushState(null, "", url);
  addEventListener("popstate", () => location.reload());
  window.scrollTo(0, 0);
  completeTags();
  guardForms();
  return shell.querySelector("form[data-upload]");
}

// Dropped anywhere on any page, or pasted.
function takeFiles(take) {
  const { classList } = document.documentElement;

  document.addEventListener("dragover", (event) => {
    if (event.dataTransfer.types.includes("Files")) {
      event.preventDefault();
      classList.add("over");
    }
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) {
      classList.remove("over");
    }
  });
  document.addEventListener("drop", (event) => {
    classList.remove("over");
    if (event.dataTransfer.files.length) {
      event.preventDefault();
      take([...event.dataTransfer.files]);
    }
  });
  document.addEventListener("paste", (event) => {
    if (event.clipboardData?.files.length) {
      event.preventDefault();
      take([...event.clipboardData.files]);
    }
  });
}

export function prepareUpload() {
  const form = document.querySelector("form[data-upload]");
  let add = form && prepare(form);

  // A page that searches by pictures takes them itself.
  if (document.getElementById("pick")) {
    return;
  }
  takeFiles(async (files) => {
    if (!add) {
      const opened = await openForm();
      add = prepare(opened);
    }
    add(files);
  });
}
