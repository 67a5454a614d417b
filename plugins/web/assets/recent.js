// SPDX-License-Identifier: LGPL-2.1-or-later
// What somebody searched for and which tags were used, kept in this browser: those used often and lately
// are offered first.
import { recall, remember } from "./store.js";

const TAGS = 500;
const SEARCHES = 50;
const DAY = 86400000;
const OLDEST = 90 * DAY;

const score = ({ n, at }) => (Math.log10(n) + 1) / (1 + (Date.now() - at) / (30 * DAY));

export function scoreOf(name) {
  const used = recall("tags", {})[name];
  return used && Date.now() - used.at < OLDEST ? score(used) : 0;
}

export const listRecentTags = (limit) => Object.entries(recall("tags", {})).sort((a, b) => score(b[1]) - score(a[1]))
  .slice(0, limit).map(([name]) => name);

export function noteTags(names) {
  const used = recall("tags", {});
  for (const name of names) {
    used[name] = { n: (used[name]?.n ?? 0) + 1, at: Date.now() };
  }
  const kept = Object.entries(used).filter(([, { at }]) => Date.now() - at < OLDEST)
    .sort((a, b) => score(b[1]) - score(a[1])).slice(0, TAGS);
  remember("tags", Object.fromEntries(kept));
}

// The newest first.
export const listSearches = (beginning, limit) => recall("searches", [])
  .filter((text) => text !== beginning && text.startsWith(beginning)).slice(0, limit);

export function noteSearch(text) {
  const clean = text.trim();
  if (clean) {
    remember("searches", [clean, ...recall("searches", []).filter((other) => other !== clean)].slice(0, SEARCHES));
  }
}
