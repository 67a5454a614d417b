#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A whole host on a database of PostgreSQL: it takes in pictures, survives the server's absence, and
shares the database with a second host, which takes the monitor's role over when the first one dies.

test-postgresql.py HOST
"""
import pathlib
import struct
import sys
import tempfile
import time
import urllib.error
import zlib

sys.path[:0] = [str(pathlib.Path(__file__).parent.parent)]
from host import Host
from postgres import Cluster, Unavailable

SKIPPED = 77


def png(seed):
    """A picture of which no two are alike."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + bytes((x * seed + y * 7) % 256 for x in range(96)) for y in range(32))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 32, 32, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def count(host, tags=""):
    """Posts that a search finds; -1: no answer now."""
    try:
        return len(host.ask(f"/posts.json?limit=200&tags={tags}"))
    except (OSError, urllib.error.HTTPError):
        return -1


def edit(host, number, tags):
    host.ask(f"/posts/{number}.json", "PUT", **{"post[tag_string]": tags})


def check_absence(cluster, host):
    cluster.pause()
    # What is not in a cache gets an answer, though no good one.
    for number in range(5):
        began = time.monotonic()
        status, headers, _ = host.get(f"/posts/{number + 1}.json?{number}")
        assert status in (200, 503), status
        assert status == 200 or "retry-after" in headers, headers
        assert time.monotonic() - began < 20
    cluster.resume()
    host.wait("the database", lambda: count(host, "sky") == 1)
    host.wait("an edit", lambda: count(host, "sea") == 1 or try_to_edit(host))


def try_to_edit(host):
    try:
        edit(host, 2, "sea")
    except OSError:
        pass


def get_token(cluster):
    return int(cluster.query("SELECT token FROM leases WHERE role = 'monitor'", "board"))


def check_second_host(program, root, cluster, arguments, first):
    library = root / "library"
    with Host(program, root / "second", *arguments, library) as second:
        second.wait("the posts", lambda: count(second, "sky") == 1)
        edit(first, 3, "forest")
        second.wait("the other's edit", lambda: count(second, "forest") == 1)
        token = get_token(cluster)
        first.process.kill()
        first.process.wait()
        second.wait("the monitor's role", lambda: get_token(cluster) > token)
        (library / "late.png").write_bytes(png(99))
        second.wait("the new picture", lambda: count(second) == 4)
        second.stop()


def main():
    program = sys.argv[1]
    try:
        cluster = Cluster()
    except Unavailable as error:
        print(error)
        return SKIPPED
    with cluster, tempfile.TemporaryDirectory(prefix="booru-postgresql-") as folder:
        root = pathlib.Path(folder)
        library = root / "library"
        library.mkdir()
        for number in range(3):
            (library / f"{number}.png").write_bytes(png(number + 1))
        cluster.query("CREATE DATABASE board")
        arguments = [f"--database={cluster.address('board')}"]
        with Host(program, root / "first", *arguments, library) as first:
            first.wait("the posts", lambda: count(first) == 3)
            edit(first, 1, "sky")
            first.wait("the tag", lambda: count(first, "sky") == 1)
            assert not (first.data / "booru.sqlite").exists()
            check_absence(cluster, first)
            check_second_host(program, root, cluster, arguments, first)
    return 0


if __name__ == "__main__":
    sys.exit(main())
