// SPDX-License-Identifier: LGPL-2.1-or-later
// Shows the posts of the search one after another, as large as the window. Videos and animations are waited
// for; more posts are fetched before they are needed. Where reduced motion is preferred it stands still
// until somebody starts it.
import { base } from "./base.js";
import { recall, remember } from "./store.js";

const LIMIT = 40; // posts of a question
const AHEAD = 5; // posts before the end at which more are asked for
const SECONDS = [3, 5, 10, 30];
const IDLE = 2500; // ms
const VIDEOS = ["mp4", "webm", "mkv", "mov"];
const FIELDS = "id,file_ext,file_url,large_file_url,has_large,tag_string,media_asset[duration]";

class Slides {
  constructor(start) {
    const { searchParams } = new URL(location.href);
    this.query = searchParams.get("tags") ?? "";
    this.at = start % LIMIT;
    this.page = Math.floor(start / LIMIT); // pages that lie before
    this.before = this.page * LIMIT;
    this.posts = [];
    this.more = true;
    this.seconds = recall("slides", 5);
    this.playing = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.build();
  }

  build() {
    this.dialog = document.createElement("dialog");
    this.dialog.className = "slides";
    this.dialog.setAttribute("aria-label", "Slideshow");
    this.stage = document.createElement("div");
    this.stage.className = "stage";
    this.tools = document.createElement("p");
    this.tools.className = "tools";
    const add = (text, label, action) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "tool", textContent: text });
      button.setAttribute("aria-label", label);
      button.addEventListener("click", action);
      this.tools.append(button);
      return button;
    };
    add("‹", "Previous", () => this.step(-1));
    this.play = add("", "", () => this.setPlaying(!this.playing));
    add("›", "Next", () => this.step(1));
    this.tools.append(this.makeChoice());
    add("⛶", "Full screen", () => this.toggleFull());
    add("↗", "Open the post", () => this.posts[this.at] && location.assign(`${base}posts/${this.posts[this.at].id}`));
    add("✕", "Close", () => this.dialog.close());
    this.text = document.createElement("span");
    this.text.setAttribute("role", "status");
    this.tools.append(this.text);
    this.dialog.append(this.stage, this.tools);
    document.body.append(this.dialog);
    this.listen();
    this.dialog.showModal();
    this.play.focus();
    this.setPlaying(this.playing);
  }

  makeChoice() {
    const choice = document.createElement("select");
    choice.className = "tool";
    choice.setAttribute("aria-label", "Time for each picture");
    choice.append(...SECONDS.map((n) => new Option(`${n} s`, String(n), false, n === this.seconds)));
    choice.addEventListener("change", () => {
      this.seconds = Number(choice.value);
      remember("slides", this.seconds);
      this.wait();
    });
    return choice;
  }

  listen() {
    const wake = () => {
      this.dialog.classList.remove("idle");
      clearTimeout(this.idle);
      this.idle = setTimeout(() => this.dialog.classList.add("idle"), IDLE);
    };
    this.dialog.addEventListener("pointermove", wake);
    this.dialog.addEventListener("keydown", (event) => {
      wake();
      this.onKey(event);
    });
    this.stage.addEventListener("click", ({ clientX }) => this.step(clientX < innerWidth / 3 ? -1 : 1));
    this.dialog.addEventListener("close", () => {
      clearTimeout(this.timer);
      clearTimeout(this.idle);
      this.stage.replaceChildren(); // a video would go on
      this.dialog.remove();
      document.exitFullscreen?.().catch(() => {});
    });
    wake();
  }

  onKey(event) {
    const actions = {
      ArrowRight: () => this.step(1), d: () => this.step(1), ArrowLeft: () => this.step(-1), a: () => this.step(-1),
      " ": () => this.setPlaying(!this.playing), f: () => this.toggleFull(),
    };
    if (actions[event.key] && !event.target.matches("select") && !(event.key === " " && event.target.matches("button"))) {
      actions[event.key]();
      event.preventDefault();
    }
  }

  toggleFull() {
    (document.fullscreenElement ? document.exitFullscreen() : this.dialog.requestFullscreen()).catch(() => {});
  }

  setPlaying(playing) {
    this.playing = playing;
    this.play.textContent = playing ? "⏸" : "▶";
    this.play.setAttribute("aria-label", playing ? "Pause" : "Play");
    this.wait();
  }

  // Resolves when the post is known, or it is known that there is none.
  async reach(index) {
    while (this.more && index >= this.posts.length) {
      this.fetching ??= this.fetchMore().finally(() => { this.fetching = null; });
      await this.fetching;
    }
    return index < this.posts.length;
  }

  async fetchMore() {
    const query = new URLSearchParams({ tags: this.query, limit: LIMIT, page: ++this.page, only: FIELDS });
    const answer = await fetch(`${base}posts.json?${query}`);
    const posts = answer.ok ? await answer.json() : [];
    this.more = posts.length === LIMIT;
    this.posts.push(...posts.filter(({ file_url: url }) => url));
  }

  // On from the last is the first, where the show began at it.
  async step(by) {
    const next = this.at + by;
    if (next < 0 || !await this.reach(next)) {
      if (by > 0) {
        this.at = 0;
        await this.show();
      }
      return;
    }
    this.at = next;
    await this.show();
  }

  async show() {
    if (!await this.reach(this.at)) {
      this.at = Math.max(this.posts.length - 1, 0);
    }
    const post = this.posts[this.at];
    if (!post) {
      this.text.textContent = "There are no posts.";
      return;
    }
    const element = this.make(post);
    this.stage.replaceChildren(element);
    this.text.textContent = `${(this.before + this.at + 1).toLocaleString("en")} · post ${post.id}`;
    this.wait();
    if (await this.reach(this.at + 1)) {
      this.prefetch(this.posts[this.at + 1]);
      this.reach(this.at + AHEAD);
    }
  }

  pictureOf(post) {
    return ["gif", "webp", "apng"].includes(post.file_ext) && post.media_asset?.duration ? post.file_url : post.large_file_url || post.file_url;
  }

  prefetch(post) {
    if (!VIDEOS.includes(post.file_ext)) {
      new Image().src = this.pictureOf(post);
    }
  }

  make(post) {
    const alt = post.tag_string.replaceAll(" ", ", ").replaceAll("_", " ") || `Post ${post.id}`;
    if (VIDEOS.includes(post.file_ext)) {
      const { volume = 1, muted = false } = recall("video", {});
      const video = Object.assign(document.createElement("video"), { src: post.file_url, autoplay: true, playsInline: true, volume, muted });
      video.setAttribute("aria-label", alt);
      video.addEventListener("ended", () => this.playing && this.step(1));
      video.addEventListener("error", () => this.wait(1));
      // Sound that nobody asked for is not allowed: then without.
      video.play().catch(() => {
        video.muted = true;
        video.play().catch(() => {});
      });
      return video;
    }
    const picture = new Image();
    picture.alt = alt;
    picture.src = this.pictureOf(post);
    return picture;
  }

  // When the next one comes: a video says it itself, an animation is shown once as a whole at least.
  wait(seconds = null) {
    clearTimeout(this.timer);
    const post = this.posts[this.at];
    if (!this.playing || !post || (VIDEOS.includes(post.file_ext) && seconds === null)) {
      return;
    }
    const element = this.stage.firstElementChild;
    const time = seconds ?? Math.max(this.seconds, post.media_asset?.duration ?? 0);
    const begin = () => {
      if (element === this.stage.firstElementChild) {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.step(1), 1000 * time);
      }
    };
    if (element?.decode) {
      element.decode().then(begin, begin);
    } else {
      begin();
    }
  }
}

export function showSlides(start) {
  return new Slides(start).show();
}
