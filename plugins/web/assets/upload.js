// SPDX-License-Identifier: LGPL-2.1-or-later
// Files are dropped anywhere on the page for uploads, or pasted; their way is shown.

function sizeOf(bytes) {
  const units = ["B", "kB", "MB", "GB"];
  let unit = 0;
  while (bytes >= 1000 && unit < units.length - 1) {
    bytes /= 1000;
    unit++;
  }
  return `${bytes.toFixed(unit ? 1 : 0)} ${units[unit]}`;
}

function watchFiles(form) {
  const input = form.querySelector("#files");
  const list = form.querySelector("#chosen");

  const show = () => {
    list.replaceChildren(...Array.from(input.files, (file) => {
      const item = document.createElement("li");
      item.textContent = `${file.name} (${sizeOf(file.size)})`;
      return item;
    }));
  };

  const add = (files) => {
    const all = new DataTransfer();
    for (const file of [...input.files, ...files]) {
      all.items.add(file);
    }
    input.files = all.files;
    show();
  };

  input.addEventListener("change", show);
  document.addEventListener("dragover", (event) => {
    if (event.dataTransfer.types.includes("Files")) {
      event.preventDefault();
      form.classList.add("over");
    }
  });
  document.addEventListener("dragleave", () => form.classList.remove("over"));
  document.addEventListener("drop", (event) => {
    form.classList.remove("over");
    if (event.dataTransfer.files.length) {
      event.preventDefault();
      add(event.dataTransfer.files);
    }
  });
  document.addEventListener("paste", (event) => {
    if (event.clipboardData.files.length) {
      event.preventDefault();
      add(event.clipboardData.files);
    }
  });
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

export function prepareUpload() {
  const form = document.querySelector("form[data-upload]");

  if (form) {
    form.querySelectorAll(".with-script").forEach((element) => element.hidden = false);
    watchFiles(form);
    showProgress(form);
  }
}
