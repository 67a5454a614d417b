# SPDX-License-Identifier: LGPL-2.1-or-later
"""Requests that are answered from caches, and the same while posts are edited."""
import contextlib
import itertools
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


def bench_edits(args, data, make_host, write_script):
    """Yields rows; data has a library."""
    with make_host(args, data) as host:
        host.until("/posts.json?limit=1", bool)
        tags = [tag["name"] for tag in host.ask("/tags.json?search[order]=count&limit=200")]
        pairs = [f"{tags[i]}+{tags[(i * 7 + 3) % len(tags)]}" for i in range(len(tags))]
        n_posts = host.count()
        kinds = {
            "/posts.json?tags=…&limit=20, 400 different searches":
                ("≥ 30,000 req/s; ≥ 0.7 of that", [f"/posts.json?tags={text}&limit=20" for text in tags + pairs]),
            "/posts?tags=…, 400 different searches":
                ("≥ 30,000 req/s; ≥ 0.5 of that", [f"/posts?tags={text}" for text in tags + pairs]),
            "/posts/ID, 400 different posts":
                ("≥ 0.5 of the gallery", [f"/posts/{1 + i * (n_posts // 400)}" for i in range(400)]),
        }
        for what, (budget, urls) in kinds.items():
            script = write_script(data / "edits.lua", urls)
            quiet, quiet_text = measure(host, script, args.rounds)
            with edits(host, tags) as done:
                busy, busy_text = measure(host, script, args.rounds)
            yield f"{what}, 2 workers", budget, quiet_text
            yield f"… with an edit each 100 ms ({len(done)} in all)", "", f"{busy_text}; {busy / quiet:.2f} of that"
