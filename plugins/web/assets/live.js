// SPDX-License-Identifier: LGPL-2.1-or-later
// Says that there are new posts; never moves what somebody looks at.

import { base } from "./base.js";
import { listen } from "./stream.js";

export function watchForPosts() {
  const count = document.getElementById("count");
  const empty = document.querySelector(".empty .folders");
  const url = new URL(location.href);

  if ((!count && !empty) || ![base, `${base}posts`].includes(url.pathname) || url.searchParams.has("page")) {
    return;
  }

  const query = url.searchParams.get("tags") ?? "";
  let shown = null;
  let pending = false;

  const ask = async () => {
    const answer = await fetch(`${base}counts/posts.json?tags=${encodeURIComponent(query)}`);
    return answer.ok ? (await answer.json()).counts.posts : null;
  };

  const show = (fresh) => {
    let pill = document.querySelector(".fresh");
    if (!pill) {
      pill = document.createElement("a");
      pill.className = "fresh button primary";
      pill.href = location.href;
      pill.setAttribute("role", "status");
      document.body.append(pill);
    }
    pill.textContent = `${fresh.toLocaleString("en")} new`;
  };

  // Many files at once are many events: one question a second is enough.
  const onChange = () => {
    if (pending) {
      return;
    }
    pending = true;
    setTimeout(async () => {
      pending = false;
      const now = await ask().catch(() => null);
      if (now !== null && now > shown) {
        if (empty) {
          location.reload();
        } else {
          show(now - shown);
        }
      }
    }, 1000);
  };

  shown = Number(count?.dataset.posts ?? 0);
  listen(["posts-changed"], onChange);
}
