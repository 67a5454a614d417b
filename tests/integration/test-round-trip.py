#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""gallery-dl downloads a board with its metadata, and another board takes it in: tags, categories,
ratings and sources are the same as before. Once as a library, once by the ingest folder.

test-round-trip.py HOST
"""
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

sys.path[:0] = [str(pathlib.Path(__file__).parent.parent)]
from host import Host

LIMIT = 120  # seconds, for a download that takes a fraction of one
SKIPPED = 77

POSTS = [
    "blue_sky artist:some_one copyright:a_series character:girl_(a_series) meta:highres rating:s "
    "source:https://example.org/1",
    "blue_sky 1girl re:zero :) rating:g",
    "オリジナル artist:ä_ö rating:q source:\"somewhere else\"",
    "solo rating:e source:https://example.org/a?b=c&d=%20",
    "",
]


def png(seed):
    """A picture of which no two are alike."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + bytes((x * seed + y * 7) % 256 for x in range(96)) for y in range(32))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 32, 32, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def posts_of(host):
    try:
        return host.ask("/posts.json?limit=200")
    except OSError:  # it is still starting
        return []


def facts(posts):
    names = ["tag_string", "tag_string_artist", "tag_string_copyright", "tag_string_character",
             "tag_string_general", "tag_string_meta", "rating", "source"]
    return {post["md5"]: {name: post[name] for name in names} for post in posts}


def fill(program, root):
    """The board that is downloaded from, and what it says."""
    library = root / "library"
    library.mkdir()
    for number in range(len(POSTS)):
        (library / f"{number}.png").write_bytes(png(number + 1))
    host = Host(program, root / "first", library)
    host.wait("all posts", lambda: len(posts_of(host)) == len(POSTS))
    for post, tags in zip(posts_of(host), POSTS):
        if tags:
            host.ask(f"/posts/{post['id']}.json", "PUT", **{"post[tag_string]": tags})
    return host


def download(host, folder):
    config = folder.parent / "gallery-dl.conf"
    instances = {"mine": {"root": host.base}}
    # Older versions write it with a capital letter.
    config.write_text(json.dumps({"extractor": {"Danbooru": instances, "danbooru": instances}}))
    subprocess.run(["gallery-dl", "--config-ignore", "--config", config, "--quiet", "--dest", folder,
                    "--write-metadata", "--write-tags", host.base + "/posts?tags="],
                   check=True, env={**os.environ, "HOME": str(folder.parent)}, timeout=LIMIT)
    sidecars = [path.suffix for path in folder.rglob("*") if path.is_file()]
    assert sidecars.count(".json") == len(POSTS) and sidecars.count(".txt") == len(POSTS), sidecars


def compare(host, expected):
    try:
        host.wait("equal posts", lambda: facts(posts_of(host)) == expected)
    except AssertionError:
        found = facts(posts_of(host))
        for md5 in expected:
            if found.get(md5) != expected[md5]:
                print("#", found.get(md5), "instead of", expected[md5])
        raise


def main():
    program = sys.argv[1]
    if shutil.which("gallery-dl") is None:
        print("gallery-dl is not installed")
        return SKIPPED
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        hosts = [fill(program, root)]
        try:
            expected = facts(posts_of(hosts[0]))
            downloaded, inbox = root / "downloaded", root / "inbox"
            download(hosts[0], downloaded)
            hosts.append(Host(program, root / "second", downloaded))
            compare(hosts[1], expected)

            inbox.mkdir()
            hosts.append(Host(program, root / "third", f"--ingest={inbox}"))
            shutil.copytree(downloaded, inbox / "new")
            compare(hosts[2], expected)
            hosts[2].wait("an empty inbox", lambda: not [path for path in inbox.rglob("*") if path.is_file()])
            originals = [path.suffix for path in (hosts[2].data / "originals").rglob("*")]
            assert originals.count(".json") == originals.count(".txt") == len(POSTS), originals
            for host in hosts:
                host.stop()
        finally:
            for host in hosts:
                host.process.kill()
    return 0


if __name__ == "__main__":
    sys.exit(main())
