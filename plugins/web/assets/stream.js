// SPDX-License-Identifier: LGPL-2.1-or-later
// Says that something happened. A browser allows six connections to a host, and a stream of events
// holds one for good: all tabs share one stream. The tab that has the lock opens it and tells the
// others; a tab that is hidden, or kept for the button Back, takes no part. Where there are no locks
// (http from another machine), each visible tab has a stream of its own.

import { base } from "./base.js";

const NAME = "booru-events";
const TOPICS = ["scan-progress", "ingest-progress", "services", "posts-changed"];
const ANY = "any"; // events may have been missed
const RETRY = 5000; // after an error, upon which browsers give up

const isShared = Boolean(navigator.locks && window.BroadcastChannel);
const listeners = [];
let membership = null; // an AbortController while this tab takes part
let channel = null;
let opened = false;

const tell = (topic) => {
  for (const { topics, callback } of listeners) {
    if (topic === ANY || topics.includes(topic)) {
      callback();
    }
  }
};

const announce = (topic) => {
  tell(topic);
  channel?.postMessage(topic);
};

// Until the tab leaves.
const lead = (signal) => new Promise((resolve) => {
  let stream = null;
  let timer = 0;

  const open = () => {
    stream = new EventSource(`${base}events`);
    stream.addEventListener("open", () => {
      if (opened) {
        tell(ANY);
      }
      opened = true;
      channel?.postMessage(ANY);
    });
    stream.addEventListener("error", () => {
      if (stream.readyState === EventSource.CLOSED) {
        timer = setTimeout(open, RETRY);
      }
    });
    for (const topic of TOPICS) {
      stream.addEventListener(topic, () => announce(topic));
    }
  };

  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    stream.close();
    resolve();
  });
  open();
});

const join = () => {
  if (membership || document.hidden) {
    return;
  }
  membership = new AbortController();
  const { signal } = membership;
  if (!isShared) {
    lead(signal);
    return;
  }
  channel = new BroadcastChannel(NAME);
  channel.addEventListener("message", ({ data }) => tell(data));
  // Aborted while it waits, the request fails: that is what leaving means.
  navigator.locks.request(NAME, { signal }, () => lead(signal)).catch(() => {});
};

const leave = () => {
  membership?.abort();
  channel?.close();
  membership = channel = null;
};

const rejoin = () => {
  if (!membership && !document.hidden) {
    join();
    tell(ANY);
  }
};

// Calls back, without saying more, when something of that kind has happened or may have.
export function listen(topics, callback) {
  listeners.push({ topics, callback });
  if (listeners.length > 1) {
    return;
  }
  document.addEventListener("visibilitychange", () => document.hidden ? leave() : rejoin());
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", ({ persisted }) => persisted && rejoin());
  join();
}
