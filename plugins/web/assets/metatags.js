// SPDX-License-Identifier: LGPL-2.1-or-later
// What can be searched for beside tags: names, their usual values, and a line of help each.

const ORDERS = "id id_desc change score favcount mpixels filesize duration landscape portrait tagcount tagcount_asc random";

const METATAGS = {
  rating: ["g s q e", "general, sensitive, questionable or explicit"],
  order: [ORDERS, "how the posts are sorted"],
  status: ["active deleted any missing", "in the trash, missing, or all"],
  is: ["parent child safe nsfw deleted", "what kind of post"],
  has: ["parent children source", "what posts have"],
  filetype: ["jpg png gif webp avif mp4 webm zip", "the kind of file"],
  width: [">1920", "in pixels: width:>1920"],
  height: [">1080", "in pixels: height:800..1200"],
  mpixels: [">2", "millions of pixels"],
  ratio: ["16:9 4:3 1:1", "width to height"],
  filesize: [">2mb", "of the file: filesize:>2mb"],
  duration: [">30", "of a video, in seconds"],
  date: ["today", "day it was added: date:2026-01-31"],
  age: ["<1d <1w <1mo", "how long ago it was added"],
  score: [">10", "score:>10"],
  tagcount: ["<5", "how many tags: tagcount:<5"],
  source: ["none", "where it comes from: source:*example.org*"],
  parent: ["none any", "posts of a parent: parent:12"],
  child: ["none any", "posts with children"],
  pool: ["none any", "posts of a pool"],
  fav: [], ordfav: [], user: [],
  md5: [], id: ["", "posts by number: id:5,7 or id:>100"],
  similar: ["", "posts that look like one: similar:12"],
  folder: ["", "folder of the file: folder:holiday*"],
  filename: ["", "name of the file: filename:*beach*"],
  limit: ["20 100", "posts on a page"],
};

export const isMetatag = (word) => word.includes(":") && Object.hasOwn(METATAGS, word.split(":")[0].toLowerCase());

// { name, help } of what WORD may become.
export function suggestMetatags(word) {
  const [name, value] = word.toLowerCase().split(/:(.*)/s);
  if (value === undefined) {
    return name.length < 2 ? [] : Object.entries(METATAGS).filter(([other]) => other.startsWith(name))
      .map(([other, [, help = ""]]) => ({ name: `${other}:`, help }));
  }
  const [values = "", help = ""] = METATAGS[name] ?? [];
  return values.split(" ").filter((other) => other.startsWith(value) && other !== value)
    .map((other, index) => ({ name: `${name}:${other}`, help: index ? "" : help }));
}
