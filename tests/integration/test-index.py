#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The files of the search index are deleted, damaged and exchanged while a host runs: whatever
becomes of them, each search is answered right, by the workers that run and by those that start.

test-index.py HOST CTL
"""
import os
import pathlib
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.path[:0] = [str(pathlib.Path(__file__).parent.parent)]
from host import Host

BLOCK = 65536  # ids of one file
N_BLOCKS = 6
PER_BLOCK = 20
TAGS = ["common", "odd", "even"]
FILES = {"manifest", "names"} | {f"{number:05}.block" for number in range(N_BLOCKS)}


def answers(host):
    try:
        return host.get("/posts/0.json")[0] == 404
    except OSError:  # it is still starting
        return False


def make_board(program, root, data):
    """Posts of the ids that a large board would have, in few rows."""
    with Host(program, root / "first", "--disable-plugin=monitor", data=data) as host:
        host.wait("the database", lambda: host.rows("SELECT generation FROM board"))
        host.wait("an answer", lambda: answers(host))
        host.stop()
    posts = {}
    connection = sqlite3.connect(host.data / "booru.sqlite")
    connection.execute("INSERT INTO folders (id, path, kind) VALUES (1, CAST ('/gone' AS BLOB), 0)")
    for block in range(N_BLOCKS):
        for number in range(1, PER_BLOCK + 1):
            post = block * BLOCK + number
            posts[post] = {"common", TAGS[1 + post % 2]}
            connection.execute(
                "INSERT INTO posts (id, md5, ext, size, width, height, created_at, updated_at, "
                "uploader_id, tag_count, tags) VALUES (?, ?, 'jpg', 1, 1, 1, 1, 1, 1, 2, ?)",
                (post, random.randbytes(16), bytes([1, 1 + post % 2])),
            )
            connection.execute(
                "INSERT INTO files (folder_id, path, size, mtime_ns, inode, device, post_id) "
                "VALUES (1, CAST (? AS BLOB), 1, 1, ?, 1, ?)", (str(post), post, post),
            )
    for tag, name in enumerate(TAGS, 1):
        connection.execute(
            "INSERT INTO tags (id, name, category, post_count, created_at, updated_at) "
            "VALUES (?, ?, 0, ?, 1, 1)",
            (tag, name, sum(name in tags for tags in posts.values())),
        )
    connection.commit()
    connection.close()
    return posts


def require(host, posts, what):
    """What the board answers is what the posts say."""
    searches = {
        "": lambda post, tags: True,
        "odd": lambda post, tags: "odd" in tags,
        "common -odd": lambda post, tags: "common" in tags and "odd" not in tags,
        f"even id:>{2 * BLOCK}": lambda post, tags: "even" in tags and post > 2 * BLOCK,
        "changed_*": lambda post, tags: any(tag.startswith("changed_") for tag in tags),
    }
    for search, matches in searches.items():
        expected = sorted((post for post in posts if matches(post, posts[post])), reverse=True)
        query = search.replace(" ", "%20")
        found = [post["id"] for post in host.ask(f"/posts.json?limit=200&tags={query}")]
        assert found == expected, f"{what}: “{search}” found {found}, not {expected}"
        count = host.ask(f"/counts/posts.json?tags={query}")["counts"]["posts"]
        assert count == len(expected), f"{what}: “{search}” counted {count}, not {len(expected)}"


def edit(host, posts):
    post = random.choice(sorted(posts))
    posts[post] = {random.choice(TAGS), f"changed_{random.randrange(10)}"}
    host.ask(f"/posts/{post}.json", "PUT", **{"post[tag_string]": " ".join(posts[post])})


def replace(path, content):
    beside = path.with_suffix(".other")
    beside.write_bytes(content)
    beside.rename(path)


def fill_with_garbage(index):
    for path in index.iterdir():
        replace(path, random.randbytes(path.stat().st_size))


def cut_short(index):
    for path in index.iterdir():
        replace(path, path.read_bytes()[: path.stat().st_size // 2])


def damage_a_little(index):
    for path in index.iterdir():
        content = bytearray(path.read_bytes())
        content[random.randrange(len(content))] ^= 1 << random.randrange(8)
        replace(path, content)


def take_the_folder(index):
    """So that nothing can be written either."""
    shutil.rmtree(index)
    index.write_text("no folder")


def take_away_rights(index):
    for path in index.iterdir():
        path.chmod(0)
    index.chmod(0o500)


HURTS = [shutil.rmtree, fill_with_garbage, cut_short, damage_a_little, take_the_folder,
         take_away_rights]


def put_back(index, saved):
    if index.is_file():
        index.unlink()
    elif index.exists():
        index.chmod(0o700)
        shutil.rmtree(index)
    shutil.copytree(saved, index)


def test_estimates(program, root, data, posts):
    """Nobody waits for the whole index: the count is an estimate until it is complete."""
    with Host(program, root / "second", "--disable-plugin=monitor", data=data) as host:
        counts = []
        host.wait("an answer", lambda: answers(host))
        while not counts or counts[-1].startswith("about"):
            status, _, page = host.get("/posts?limit=1")
            assert status == 200
            counts.append(re.search(rb'id="count"[^>]*>([^<]*)<', page)[1].decode())
            assert len(counts) < 20, counts
        assert len(counts) > 1, counts
        assert counts[-1] == f"{len(posts)} posts", counts
        require(host, posts, "without files")
        host.stop()


def test_hurt(program, ctl, root, data, posts):
    with Host(program, root / "third", data=data, workers=2) as host:
        index, saved = host.data / "index", root / "saved"
        host.wait("the index", lambda: index.is_dir() and FILES <= set(os.listdir(index)))
        require(host, posts, "at first")
        shutil.copytree(index, saved)
        for hurt in HURTS:
            put_back(index, saved)
            hurt(index)
            for moment in "running", "restarted":
                require(host, posts, f"{hurt.__name__}, {moment}")
                edit(host, posts)
                require(host, posts, f"{hurt.__name__}, {moment}, after an edit")
                if moment == "running":
                    subprocess.run([ctl, f"--data-dir={host.data}", "restart", "web"], check=True,
                                   stdout=subprocess.DEVNULL)
        assert "was killed" not in host.log() and "unexpected" not in host.log(), host.log()
        put_back(index, saved)
        host.stop()


def main():
    program, ctl = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        data = root / "data"
        posts = make_board(program, root, data)
        test_estimates(program, root, data, posts)
        test_hurt(program, ctl, root, data, posts)


main()
