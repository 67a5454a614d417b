#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Gives a host several hundred hostile files, and looks at what it makes of them.

    test-hostile.py HOST

None stops the monitor, each is recorded, none is changed, and none is served as active content.
"""
import hashlib
import json
import os
import pathlib
import re
import sys
import tempfile

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parent.parent)]
import hostile_files
from host import Host

MEDIA_TYPES = re.compile(
    r"(image/(jpeg|png|gif|webp|avif|heic|jxl|tiff|svg\+xml|bmp|x-ms-bmp)"
    r"|video/(mp4|webm|quicktime|x-matroska)|application/gzip)$"
)


NO_PICTURES = {b"page.jpg", b"page.png", b"document.jpg", b"program.jpg", b"zeros.jpg"}
NO_PICTURES |= {b"magick.png", b"shortcut.png", b"playlist.mp4", b"ffconcat.mkv"}


def digest(library):
    return {
        entry.name: hashlib.sha256(open(entry.path, "rb").read()).digest()
        for entry in os.scandir(os.fsencode(library))
    }


def check_recorded(host, expected):
    recorded = {
        bytes(path): (post, failure)
        for path, post, failure in host.rows("SELECT path, post_id, failure FROM files")
    }
    # What starts with a dot, and unfinished downloads, are left out by their names.
    missing = [name for name in expected if name not in recorded and not name.startswith(b".")]
    assert not missing, missing
    failures = [failure for _, failure in recorded.values() if failure is not None]
    assert all(failure.strip() for failure in failures)
    assert len(failures) > 100, len(failures)
    for name, (post, _) in recorded.items():
        # A picture that is named otherwise is shown all the same; a page that is named so is not.
        if name in NO_PICTURES or name.startswith(b"plain-"):
            assert post is None, name
    print(f"# {len(recorded)} recorded, of which {len(failures)} as failures")


def check_file(host, path):
    status, headers, _ = host.get(path)
    assert status == 200, (path, status)
    assert MEDIA_TYPES.match(headers["content-type"]), (path, headers)
    assert headers["x-content-type-options"] == "nosniff", (path, headers)
    if "svg" in headers["content-type"]:
        assert "sandbox" in headers["content-security-policy"], (path, headers)


def check_post(host, post):
    path = re.sub(r"^https?://[^/]+", "", post["file_url"])
    check_file(host, path)
    if path.endswith(".svgz"):
        check_file(host, path[:-1])  # as the page has it drawn
    status, headers, body = host.get(f"/posts/{post['id']}")
    assert status == 200 and b"<script>alert" not in body and b"<img src=x" not in body, post["id"]
    assert (
        "script-src" in headers["content-security-policy"]
        or "default-src" in headers["content-security-policy"]
    )


def check_served(host):
    n, before, exts = 0, "", set()
    while True:
        status, _, body = host.get(f"/posts.json?tags=status:any&limit=200{before}")
        assert status == 200
        posts = json.loads(body)
        for post in posts:
            check_post(host, post)
            exts.add(post["file_ext"])
        n += len(posts)
        if not posts:
            break
        before = f"&page=b{posts[-1]['id']}"
    assert n > 20, n
    assert {"svg", "svgz"} <= exts, exts
    for page in ("/posts", "/posts?page=2", "/tags"):
        status, _, body = host.get(page)
        assert status == 200 and b"<script>alert" not in body and b"<img src=x" not in body, page
    print(f"# {n} posts served")


def main():
    with tempfile.TemporaryDirectory(prefix="booru-hostile-") as folder:
        root = pathlib.Path(folder)
        library, scratch = root / "library", root / "scratch"
        library.mkdir()
        scratch.mkdir()
        count = hostile_files.make(library, scratch)
        print(f"# {count} files")
        assert count >= 500
        before = digest(library)
        with Host(sys.argv[1], root, library) as host:
            monitors = host.wait("a monitor", lambda: host.children("booru-monitor"))
            host.wait(
                "all files", lambda: host.rows("SELECT count(*) FROM files")[0][0] >= count - 2
            )

            # A good picture comes through after all of them, by the same monitor.
            (library / "good.bmp").write_bytes(hostile_files.bmp(20, 20, 24, bytes(1200)))
            host.wait(
                "the good picture",
                lambda: host.rows(
                    "SELECT 1 FROM files WHERE path = CAST('good.bmp' AS BLOB) AND post_id"
                ),
            )
            assert host.children("booru-monitor") == monitors, host.log()[-3000:]
            check_recorded(host, before)
            check_served(host)
            assert {
                name: value for name, value in digest(library).items() if name != b"good.bmp"
            } == before
            host.stop()
    print("ok 1 hostile files do no harm\n1..1")


if __name__ == "__main__":
    main()
