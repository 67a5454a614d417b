// SPDX-License-Identifier: LGPL-2.1-or-later
// Plays an archive of frames. Without this its first frame is shown, and the archive can be
// downloaded.
import { readZip } from "./zip.js";

const DELAY_UNKNOWN = 100;
// Frames that are decoded before their turn; all are kept where they are not too large.
const AHEAD = 4;
const PIXELS_KEPT = 100e6;

const isFrame = (name) => /^\d+\.(jpe?g|png|webp)$/i.test(name);

async function load(player) {
  const [archive, facts] = await Promise.all([
    fetch(player.dataset.archive),
    fetch(player.dataset.facts).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null),
  ]);
  if (!archive.ok) {
    throw new Error(`The server answered ${archive.status}`);
  }
  const entries = readZip(await archive.arrayBuffer());
  const names = [...entries.keys()].filter(isFrame).sort((a, b) => parseInt(a, 10) - parseInt(b, 10));
  const delays = facts?.media_metadata?.metadata?.["Ugoira:FrameDelays"] ?? [];
  return names.map((name, index) => ({ read: entries.get(name), delay: delays[index] ?? DELAY_UNKNOWN }));
}

async function decode(frame) {
  frame.bitmap ??= frame.read().then((bytes) => createImageBitmap(new Blob([bytes])));
  return frame.bitmap;
}

function forget(frame) {
  frame.bitmap?.then((bitmap) => bitmap.close(), () => {});
  delete frame.bitmap;
}

function addControls(player, count) {
  const controls = document.createElement("div");
  const button = document.createElement("button");
  const slider = document.createElement("input");
  const place = document.createElement("output");

  controls.className = "controls";
  button.type = "button";
  button.className = "button";
  Object.assign(slider, { type: "range", min: 0, max: count - 1, value: 0 });
  slider.setAttribute("aria-label", "Frame");
  controls.append(button, slider, place);
  player.append(controls);
  return { button, slider, place };
}

function run(player, frames) {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  const still = player.querySelector("img");
  const { button, slider, place } = addControls(player, frames.length);
  const keepsAll = still.width * still.height * frames.length <= PIXELS_KEPT;
  let current = 0;
  let playing = false;
  let timer = 0;
  let turn = 0;

  const show = async (index) => {
    const mine = ++turn;
    const bitmap = await decode(frames[index]);
    if (mine !== turn) {
      return false;
    }
    if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) {
      Object.assign(canvas, { width: bitmap.width, height: bitmap.height });
    }
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.drawImage(bitmap, 0, 0);
    if (!keepsAll && index !== current) {
      forget(frames[current]);
    }
    current = index;
    slider.value = index;
    place.textContent = `${index + 1} / ${frames.length}`;
    for (let i = 1; i <= Math.min(AHEAD, frames.length - 1); i++) {
      decode(frames[(index + i) % frames.length]).catch(() => {});
    }
    return true;
  };

  // The time that decoding took is taken off the wait.
  const step = async () => {
    const due = performance.now() + frames[current].delay;
    const next = (current + 1) % frames.length;
    await decode(frames[next]).catch(() => {});
    timer = setTimeout(async () => {
      if (playing && await show(next).catch(() => false)) {
        step();
      }
    }, Math.max(0, due - performance.now()));
  };

  const setPlaying = (now) => {
    clearTimeout(timer);
    playing = now;
    button.textContent = playing ? "Pause" : "Play";
    if (playing) {
      step();
    }
  };

  const go = (index) => {
    setPlaying(false);
    return show((index + frames.length) % frames.length);
  };

  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", still.alt);
  canvas.addEventListener("click", () => setPlaying(!playing));
  button.addEventListener("click", () => setPlaying(!playing));
  slider.addEventListener("input", () => go(Number(slider.value)));
  player.addEventListener("keydown", (event) => {
    const actions = { "k": () => setPlaying(!playing), ",": () => go(current - 1), ".": () => go(current + 1) };
    if (!event.ctrlKey && !event.altKey && !event.metaKey && actions[event.key]) {
      actions[event.key]();
      event.preventDefault();
    }
  });
  document.addEventListener("visibilitychange", () => document.hidden && setPlaying(false));

  return show(0).then(() => {
    still.replaceWith(canvas);
    setPlaying(!window.matchMedia("(prefers-reduced-motion: reduce)").matches);
  });
}

export function playUgoira() {
  const player = document.querySelector(".ugoira");
  if (!player) {
    return;
  }
  load(player).then((frames) => run(player, frames)).catch((error) => {
    const words = document.createElement("p");
    words.className = "quiet";
    words.textContent = `The animation cannot be played here: ${error.message}`;
    player.querySelector(".controls")?.remove();
    player.append(words);
  });
}
