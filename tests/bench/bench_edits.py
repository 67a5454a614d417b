# SPDX-License-Identifier: LGPL-2.1-or-later
"""Requests that are answered from caches, and the same while posts are edited."""
import contextlib
import itertools
import json
import re
import statistics
import subprocess
import threading
import urllib.parse

PAUSE = 0.1  # seconds between two edits
EDITED = 50  # posts that are edited in turn


@contextlib.contextmanager
def edits(host, tags):
    """Gives and takes tags that many posts have, one post after another; yields how often that was."""
    posts = [host.ask(f"/posts/{number}.json?only=id,tag_string")
             for number in range(1000, 1000 + EDITED * 1777, 1777)]
    done, end = [], threading.Event()

    def edit():
        for turn in itertools.count():
            post, tag = posts[turn % EDITED], tags[turn % len(tags)]
            words = set(post["tag_string"].split()) ^ {tag}
            text = urllib.parse.quote(" ".join(sorted(words)))
            post = host.ask(f"/posts/{post['id']}.json?only=id,tag_string&post[tag_string]={text}", "PUT")
            posts[turn % EDITED] = post
            done.append(turn)
            if end.wait(PAUSE):
                return

    thread = threading.Thread(target=edit)
    thread.start()
    try:
        yield done
    finally:
        end.set()
        thread.join()


def load(host, script, seconds):
    """Requests a second, and milliseconds below which half and 99 % of them are."""
    text = subprocess.check_output(["wrk", "-t2", "-c16", f"-d{seconds}s", "--latency", "-s", script, host.base],
                                   text=True)
    assert "Non-2xx" not in text, text
    units = {"us": 0.001, "ms": 1, "s": 1000}

    def quantile(name):
        number, unit = re.search(rf"{name}%\s+([\d.]+)(us|ms|s)", text).groups()
        return float(number) * units[unit]
    return float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]), quantile(50), quantile(99)


def measure(host, script, rounds):
    load(host, script, 2)
    results = [load(host, script, 5) for _ in range(rounds)]
    rate, half, most = (statistics.median(column) for column in zip(*results))
    return rate, f"{rate:,.0f} req/s; p50 {half:.2f}, p99 {most:.2f} ms"


def write_script(path, urls):
    """As browsers ask: packed."""
    quoted = ",".join(json.dumps(url) for url in urls)
    path.write_text(f"local u = {{{quoted}}}\nlocal h = {{['Accept-Encoding'] = 'gzip'}}\nlocal i = 0\n"
                    "request = function() i = i % #u + 1 return wrk.format('GET', u[i], h) end\n")
    return path


def bench_edits(args, data, make_host):
    """Yields rows; data has a library."""
    with make_host(args, data) as host:
        host.until("/posts.json?limit=1", bool)
        names = [[tag["name"] for tag in host.ask(f"/tags.json?search[order]=count&limit=200&page={page}")]
                 for page in (1, 25)]
        tags = names[0]
        pairs = [f"{tags[i]}+{tags[(i * 7 + 3) % len(tags)]}" for i in range(len(tags))]
        step = host.count() // 400
        kinds = {
            "/posts.json?tags=…&limit=20, 400 different searches":
                ("≥ 30,000 req/s; ≥ 0.7 of that", [f"/posts.json?tags={text}&limit=20" for text in tags + pairs]),
            "/posts?tags=…, 400 different searches":
                ("≥ 30,000 req/s; ≥ 0.5 of that", [f"/posts?tags={text}" for text in tags + pairs]),
            "/posts/ID, 400 different posts": ("≥ 0.5 of the gallery", [f"/posts/{1 + i * step}" for i in range(400)]),
        }
        for what, (budget, urls) in kinds.items():
            script = write_script(data / "edits.lua", urls)
            quiet, text = measure(host, script, args.rounds)
            yield f"{what}, 2 workers", budget, text
            for which, some in zip(("one of the 200 most used tags", "one of 200 rare tags"), names):
                with edits(host, some):
                    busy, text = measure(host, script, args.rounds)
                yield f"… with an edit each 100 ms, of {which}", "", f"{text}; {busy / quiet:.2f} of that"
