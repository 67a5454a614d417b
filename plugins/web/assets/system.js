// SPDX-License-Identifier: LGPL-2.1-or-later
// Keeps what is shown on /system up to date: the page is asked for again when something happens, and
// now and then while somebody looks. What is being typed stays.

import { base } from "./base.js";
import { listen } from "./stream.js";

const PAUSE = 1000; // between two questions
const PATIENCE = 10000; // without any event: memory and times change all the same

let asking = false;
let again = false;
let timer = 0;

const isOpen = (region) => region.querySelector("details[open]") !== null;

// Whoever stands on a button stays there, if there still is one.
const replace = (region, fresh) => {
  const focused = region.contains(document.activeElement) ? document.activeElement.id : "";
  region.innerHTML = fresh.innerHTML;
  if (focused) {
    document.getElementById(focused)?.focus({ preventScroll: true });
  }
};

const refresh = async () => {
  const url = new URL(location.href);
  url.searchParams.delete("done");
  const answer = await fetch(url, { headers: { Accept: "text/html" }, cache: "no-store" });
  if (!answer.ok) {
    return;
  }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const region of document.querySelectorAll("[data-live]")) {
    const other = fresh.querySelector(`[data-live="${region.dataset.live}"]`);
    if (other && !isOpen(region) && other.innerHTML !== region.innerHTML) {
      replace(region, other);
    }
  }
};

const schedule = (delay) => {
  clearTimeout(timer);
  timer = setTimeout(ask, delay);
};

const ask = async () => {
  if (document.hidden) {
    return;
  }
  asking = true;
  again = false;
  // A host that restarts answers again in a moment.
  await refresh().catch(() => {});
  asking = false;
  schedule(again ? PAUSE : PATIENCE);
};

const onEvent = () => {
  if (again) {
    return;
  }
  again = true;
  if (!asking) {
    schedule(PAUSE);
  }
};

listen(["scan-progress", "ingest-progress", "services", "posts-changed", "jobs-changed"], onEvent);
schedule(PATIENCE);
