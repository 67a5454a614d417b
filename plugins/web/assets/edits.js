// SPDX-License-Identifier: LGPL-2.1-or-later
// Changes many posts. Each change is a merge ("add these tags, remove those"), so that what others change
// meanwhile stays; and each can be taken back.
import { base } from "./base.js";

const AT_ONCE = 4;
const TRIES = 20;
const PATIENCE = 4000; // ms
const IDS = 100; // of a question
const FIELDS = "id,tag_string,rating,parent_id,is_deleted";
const RATINGS = ["g", "s", "q", "e"];

// "cat -dog rating:s parent:12" as what is to be changed. Throws what is wrong with it.
export function parseScript(text) {
  const script = { add: [], remove: [], rating: null, parent: null };
  for (const word of text.trim().split(/[\s,]+/).filter(Boolean)) {
    const [, name, value] = /^(rating|parent):(.*)$/i.exec(word) ?? [];
    if (name?.toLowerCase() === "rating") {
      script.rating = value[0]?.toLowerCase();
      if (!RATINGS.includes(script.rating)) {
        throw new Error(`“${word}” is no rating: use rating:g, s, q or e.`);
      }
    } else if (name) {
      script.parent = value.toLowerCase() === "none" ? "" : value;
      if (script.parent && !/^\d+$/.test(script.parent)) {
        throw new Error(`“${word}”: a parent is a post's number, or none.`);
      }
    } else if (word.startsWith("-")) {
      script.remove.push(word.slice(1));
    } else {
      script.add.push(word);
    }
  }
  if (!script.add.length && !script.remove.length && script.rating === null && script.parent === null) {
    throw new Error("Enter tags to add, or -tags to remove.");
  }
  return script;
}

const wait = (time) => new Promise((resolve) => setTimeout(resolve, time));

// Where people sign in, forms that are posted hold a token; changes of scripts need it, too.
function makeHeaders() {
  const token = document.querySelector('form[method="post"] input[name="token"]')?.value;
  return { Accept: "application/json", ...(token && { "X-CSRF-Token": token }) };
}

async function ask(path, method = "GET", form = undefined) {
  const options = { method, body: form && new URLSearchParams(form), headers: makeHeaders() };
  let answer = await fetch(base + path, options);
  for (let tries = 0; tries < TRIES && [429, 503].includes(answer.status); tries++) {
    await wait(PATIENCE); // so many changes a minute, or somebody else writes
    answer = await fetch(base + path, options);
  }
  const body = answer.status === 204 ? null : await answer.json().catch(() => null);
  if (!answer.ok) {
    throw new Error(body?.message ?? Object.values(body?.errors ?? {}).flat()[0] ?? answer.statusText);
  }
  return body;
}

// The posts as they are now, by id.
export async function readPosts(ids) {
  const posts = new Map();
  for (let at = 0; at < ids.length; at += IDS) {
    const part = ids.slice(at, at + IDS);
    const query = new URLSearchParams({ tags: `id:${part.join(",")} status:any`, limit: IDS, only: FIELDS });
    (await ask(`posts.json?${query}`)).forEach((post) => posts.set(post.id, post));
  }
  return posts;
}

// Ids of all posts of a search, up to a limit. PROGRESS is told how many there are by now.
export async function findAll(tags, limit, progress) {
  const ids = [];
  for (let page = 1; ids.length < limit; page++) {
    const query = new URLSearchParams({ tags, limit: 200, page, only: "id" });
    const found = await ask(`posts.json?${query}`);
    ids.push(...found.map(({ id }) => id));
    progress(ids.length);
    if (found.length < 200) {
      break;
    }
  }
  return ids.slice(0, limit);
}

// Calls FUNC of each, some at once. What failed is in the answer, and stops nothing.
async function forEach(list, func, progress) {
  const failed = [];
  let at = 0, done = 0;
  const work = async () => {
    while (at < list.length) {
      const item = list[at++];
      try {
        await func(item);
      } catch (error) {
        failed.push(error);
      }
      progress(++done, list.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return failed;
}

// What is sent for a post so that nothing but the difference changes.
const toMerge = (added, removed) => ({ "post[tag_string]": added.join(" "), "post[old_tag_string]": removed.join(" ") });

// Resolves to { failed, undo }; undo is a function that takes it back, of the same form.
async function change(ids, before, func, back, progress) {
  const done = [];
  const failed = await forEach(ids, async (id) => {
    const after = await func(id);
    done.push({ id, before: before.get(id), after });
  }, progress);
  return {
    failed, n: done.length,
    undo: (report) => forEach(done, back, report).then((errors) => ({ failed: errors, n: done.length - errors.length })),
  };
}

export async function applyScript(ids, script, progress) {
  const before = await readPosts(ids);
  const form = toMerge(script.add, script.remove);
  if (script.rating !== null) {
    form["post[rating]"] = script.rating;
  }
  if (script.parent !== null) {
    form["post[parent_id]"] = script.parent;
  }
  return change(ids, before, (id) => {
    const own = { ...form };
    if (script.parent === String(id)) {
      delete own["post[parent_id]"]; // none is its own
    }
    return ask(`posts/${id}.json?only=${FIELDS}`, "PUT", own);
  }, ({ id, before: old, after }) => ask(`posts/${id}.json?only=id`, "PUT", {
    "post[tag_string]": old.tag_string, "post[old_tag_string]": after.tag_string,
    "post[rating]": old.rating, "post[old_rating]": after.rating, "post[parent_id]": old.parent_id ?? "",
  }), progress);
}

export const moveToTrash = (ids, progress) => change(ids, new Map(),
  (id) => ask(`posts/${id}.json?only=id`, "DELETE"), ({ id }) => ask(`posts/${id}/undelete.json`, "PUT"), progress);

export const restore = (ids, progress) => change(ids, new Map(),
  (id) => ask(`posts/${id}/undelete.json`, "PUT"), ({ id }) => ask(`posts/${id}.json?only=id`, "DELETE"), progress);
