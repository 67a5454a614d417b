// SPDX-License-Identifier: LGPL-2.1-or-later
// The gallery goes on by itself when its end comes near. The address is always that of the page in view,
// so that reloading, sharing and coming back lead to the same place. Pictures far away are let go.
import { isEndless } from "./view.js";
import { say } from "./say.js";

const AHEAD = 2; // screens
const KEPT = 3; // screens on either side in which pictures stay
const RETRY = 4000; // ms

// Empty picture of no size: an element without source draws its description instead.
const NOTHING = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";

export class Endless {
  // ONMORE is told of each cell that came.
  constructor(grid, onMore) {
    this.grid = grid;
    this.onMore = onMore;
    this.pager = document.querySelector(".pager");
    this.count = Number(document.getElementById("count")?.dataset.posts ?? 0);
    this.batches = [{ url: location.href, start: this.startOf(location.href), size: grid.children.length }];
    this.current = this.batches[0];
    this.loading = null;
    this.watchPictures();
    this.watchEnd();
    this.watchPlace();
    this.restore();
    this.holdBack();
    addEventListener("resize", () => this.holdBack());
  }

  // The last row is not filled as long as more are to come: it would change in front of somebody who is
  // already there. What lies below the pictures would move with each page, so it is not drawn either.
  holdBack(fresh = false) {
    const more = isEndless() && this.next !== null;
    document.documentElement.classList.toggle("endless", more);
    this.grid.querySelectorAll(".held").forEach((cell) => cell.classList.remove("held"));
    const last = this.grid.lastElementChild;
    // What somebody sees already stays.
    if (more && (fresh || last.getBoundingClientRect().top > innerHeight)) {
      const row = [];
      for (let cell = last; cell.offsetTop === last.offsetTop; cell = cell.previousElementSibling) {
        row.push(cell);
      }
      row.forEach((cell) => cell.classList.add("held"));
    }
  }

  // Somebody likes it otherwise now.
  renew() {
    this.holdBack();
    if (this.near && isEndless()) {
      this.load();
    }
  }

  get next() {
    return this.pager?.querySelector("a[rel=next]") ?? null;
  }

  // How many posts lie before those of the page at URL; NaN: pages by id do not know.
  startOf(url) {
    const page = new URL(url).searchParams.get("page") ?? "1";
    return /^\d+$/.test(page) ? (Math.max(Number(page), 1) - 1) * Number(this.grid.dataset.limit) : NaN;
  }

  watchPictures() {
    this.pictures = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const picture = target.querySelector("img");
        if (isIntersecting && picture.dataset.srcset) {
          picture.srcset = picture.dataset.srcset;
          delete picture.dataset.srcset;
        } else if (!isIntersecting && !picture.dataset.srcset) {
          picture.dataset.srcset = picture.srcset;
          picture.srcset = NOTHING;
        }
      }
    }, { rootMargin: `${100 * KEPT}% 0px` });
    for (const cell of this.grid.children) {
      this.pictures.observe(cell);
    }
  }

  watchEnd() {
    this.end = new IntersectionObserver(([{ isIntersecting }]) => {
      this.near = isIntersecting;
      if (isIntersecting && isEndless()) {
        this.load();
      }
    }, { rootMargin: `${100 * AHEAD}% 0px` });
    if (this.pager) {
      this.end.observe(this.pager);
    }
  }

  // Resolves to whether there were more.
  load() {
    this.loading ??= this.fetchNext().finally(() => {
      this.loading = null;
      // The end may be as near as before, so that nothing is told.
      if (this.pager?.isConnected) {
        this.end.unobserve(this.pager);
        this.end.observe(this.pager);
      }
    });
    return this.loading;
  }

  async fetchNext() {
    const { next } = this;
    if (!next) {
      return false;
    }
    try {
      const answer = await fetch(next.href, { headers: { Accept: "text/html" } });
      if (!answer.ok) {
        throw new Error(answer.statusText);
      }
      this.append(new DOMParser().parseFromString(await answer.text(), "text/html"), next.href);
      return true;
    } catch {
      await this.offerRetry();
      return false;
    }
  }

  async offerRetry() {
    this.pager.classList.add("failed");
    say("More posts could not be loaded.");
    await new Promise((resolve) => setTimeout(resolve, RETRY));
  }

  append(page, url) {
    const known = new Set([...this.grid.children].map(({ id }) => id));
    // A post that was added meanwhile moves the others on: none is shown twice.
    const cells = [...page.querySelectorAll(".grid > .cell")].filter(({ id }) => !known.has(id));
    const pager = page.querySelector(".pager");
    this.grid.append(...cells);
    for (const cell of cells) {
      this.pictures.observe(cell);
    }
    if (cells.length) {
      this.batches.push({ url, start: this.startOf(url), size: cells.length });
    }
    this.end.unobserve(this.pager);
    if (pager) {
      this.pager.replaceWith(pager);
    } else {
      this.pager.remove();
    }
    this.pager = pager;
    this.onMore(cells);
    this.holdBack(true);
  }

  // The index of the first cell that is not above the screen.
  findTop() {
    const cells = this.grid.children;
    const top = scrollY + (document.querySelector(".top")?.offsetHeight ?? 0) - this.grid.offsetTop;
    let low = 0, high = cells.length - 1;
    while (high > 0 && cells[high].classList.contains("held")) {
      high--;
    }
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cells[middle].offsetTop - this.grid.offsetTop + cells[middle].offsetHeight / 2 < top) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  watchPlace() {
    let waiting = false;
    this.place = document.createElement("p");
    this.place.className = "place";
    this.place.setAttribute("aria-hidden", "true");
    document.body.append(this.place);
    addEventListener("scroll", () => {
      if (!waiting) {
        waiting = true;
        requestAnimationFrame(() => {
          waiting = false;
          this.notePlace();
        });
      }
    }, { passive: true });
    addEventListener("pagehide", () => this.keepPlace());
    document.addEventListener("click", (event) => event.target.closest?.(".cell a") && this.keepPlace());
  }

  batchOf(at) {
    let before = 0;
    for (const batch of this.batches) {
      if (at < before + batch.size) {
        return { batch, index: at - before };
      }
      before += batch.size;
    }
    return { batch: this.batches.at(-1), index: 0 };
  }

  // Answers how many posts lie before those in view, as far as it is known.
  notePlace() {
    const { batch, index } = this.batchOf(this.findTop());
    if (batch !== this.current) {
      this.current = batch;
      history.replaceState(history.state, "", batch.url);
    }
    const number = batch.start + index + 1;
    this.place.textContent = Number.isNaN(number) ? "" : `${number.toLocaleString("en")} / ${this.count.toLocaleString("en")}`;
    this.place.classList.add("seen");
    clearTimeout(this.placeTimer);
    this.placeTimer = setTimeout(() => this.place.classList.remove("seen"), 1200);
    return Number.isNaN(number) ? 0 : number - 1;
  }

  // Of what is restored when somebody comes back, the browser knows no list that has grown.
  keepPlace() {
    const cell = scrollY > 0 ? this.grid.children[this.findTop()] : null;
    const below = cell ? Math.round(cell.getBoundingClientRect().top) : 0;
    history.replaceState({ ...history.state, cell: cell?.id ?? null, below }, "");
    history.scrollRestoration = this.batches.length > 1 ? "manual" : "auto";
  }

  restore() {
    const { cell, below } = history.state ?? {};
    const element = cell && document.getElementById(cell);
    if (element && history.scrollRestoration === "manual") {
      scrollBy({ top: element.getBoundingClientRect().top - below, behavior: "instant" });
    }
  }
}
