// SPDX-License-Identifier: LGPL-2.1-or-later
// Search by picture: dropped, pasted or chosen, it is sent at once.

export function pickPictures() {
  const form = document.getElementById("pick");
  if (!form) {
    return;
  }
  const field = form.querySelector("input[type=file]");
  const busy = document.getElementById("pick-busy");

  const send = () => {
    busy.textContent = `Searching for ${field.files[0].name || "the picture"}…`;
    form.requestSubmit();
  };

  const take = (files) => {
    const file = [...(files ?? [])].find((item) => /^(image|video)\//.test(item.type));
    if (file) {
      const transfer = new DataTransfer();
      transfer.items.add(file);
      field.files = transfer.files;
      send();
    } else {
        busy.textContent = "That file isn't a picture or a video.";
    }
  };

  document.getElementById("pick-hint").hidden = false;
  field.addEventListener("change", () => field.files.length > 0 && send());

  document.addEventListener("paste", (event) => {
    if (event.clipboardData?.files.length > 0) {
      event.preventDefault();
      take(event.clipboardData.files);
    }
  });

  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) {
      form.classList.remove("over");
    }
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    take(event.dataTransfer?.files);
  });

  // A page that the browser brings back from its memory is not busy any more.
  window.addEventListener("pageshow", () => {
    busy.textContent = "";
  });
}
