#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Clients of Danbooru use a real host: what they send, and what their parsers insist on.

    test-clients.py HOST
"""
import json
import pathlib
import struct
import sys
import tempfile
import traceback
import urllib.error
import urllib.parse
import urllib.request
import zlib

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parent.parent)]
import clients
from host import Host

POSTS = [
    "blue_sky artist:some_one copyright:a_series character:girl_(a_series) meta:highres solo rating:s",
    "blue_sky 1girl night_sky rating:g",
    "blue_sky solo long_hair rating:q source:https://www.pixiv.net/artworks/46324488",
    "solo long_hair rating:e",
    "red_hat rating:g",
    "rating:g",
]


def png(seed):
    """A picture of which no two are alike."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + bytes((x * seed + y * 7) % 256 for x in range(96)) for y in range(32))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 32, 32, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


class Board:
    """A host as a client sees it."""

    count = len(POSTS)

    def __init__(self, host):
        self.host = host
        self.opener = urllib.request.build_opener(NoRedirect)

    def ask(self, path, method="GET", form=None, accept="*/*"):
        path = urllib.parse.quote(path, safe="/?&=%:,*[]()-_.~+")
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        request = urllib.request.Request(self.host.base + path, data, {"Accept": accept}, method=method)
        try:
            with self.opener.open(request, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def get(self, path, accept="*/*"):
        status, body = self.ask(path, accept=accept)
        assert status == 200, (path, status, body[:300])
        return json.loads(body)

    def get_list(self, path):
        found = self.get(path)
        assert isinstance(found, list), (path, found)
        return found

    def get_text(self, path):
        status, body = self.ask(path, accept="text/html")
        assert status in (200, 302), (path, status)
        return body.decode()

    def status(self, path):
        return self.ask(path)[0]

    def send(self, path, method, form, status=200):
        found, body = self.ask(path, method, form)
        assert found == status, (path, found, body[:300])
        return json.loads(body) if body else None


def fill(host):
    def posts():
        try:
            return host.ask("/posts.json?limit=200")
        except OSError:  # it is still starting
            return []

    host.wait("all posts", lambda: len(posts()) == len(POSTS))
    for post, tags in zip(posts(), POSTS):
        host.ask(f"/posts/{post['id']}.json", "PUT", **{"post[tag_string]": tags})


def main():
    program = sys.argv[1]
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        library = root / "library"
        library.mkdir()
        for number in range(len(POSTS)):
            (library / f"{number}.png").write_bytes(png(number + 1))
        with Host(program, root / "host", library) as host:
            fill(host)
            print(f"1..{len(clients.ALL)}", flush=True)
            for number, client in enumerate(clients.ALL, 1):
                try:
                    client(Board(host))
                    print(f"ok {number} {client.__name__}", flush=True)
                except Exception:  # the others still say what they have to
                    failed += 1
                    print("".join("# " + line + "\n" for line in
                                  traceback.format_exc().splitlines()), end="")
                    print(f"not ok {number} {client.__name__}", flush=True)
            host.stop()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
