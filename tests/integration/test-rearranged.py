#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A library of all formats is taken in while its files and folders are renamed, moved, copied,
linked, taken away and brought back, and while the monitor is killed. In the end each file is known
where it is, each content is one post with its thumbnails, and nothing else is there.

    test-rearranged.py HOST [SEED]
"""
import hashlib
import os
import pathlib
import random
import shutil
import signal
import sys
import tempfile

sys.path[:0] = [str(pathlib.Path(__file__).parent.parent)]
sys.path[:0] = [str(pathlib.Path(__file__).parent.parent / "hostile")]
import hostile_files
from host import Host

COPIES = 12  # of each format, all different
OPERATIONS = 500
KILLS = {150, 350}  # after so many of them
AHEAD = 40  # contents that have come, and are no posts yet


def make_pictures(folder, seeds):
    """Each differs from the others by what readers skip: bytes behind the end."""
    folder.mkdir()
    for suffix, content in sorted(seeds.items()):
        for number in range(COPIES):
            comment = b"<!-- %d -->" % number if suffix == "svg" else b"\0%d" % number
            (folder / f"{suffix} {number}.{suffix}").write_bytes(content + comment)


def md5(path):
    return hashlib.md5(path.read_bytes()).hexdigest()


class Rearranging:
    """What somebody does to a library in use."""

    def __init__(self, source, library, inbox, outside, rng):
        self.library, self.inbox, self.outside, self.rng = library, inbox, outside, rng
        self.to_come = sorted(source.iterdir())
        rng.shuffle(self.to_come)
        self.contents = {md5(path) for path in self.to_come}
        self.number = self.n_come = 0
        for name in ("a", "b", "c/d", "c/e f", "ü"):
            (library / name).mkdir(parents=True)

    def any_file(self):
        return self.rng.choice([path for path in self.library.rglob("*") if path.is_file()])

    def any_folder(self):
        return self.rng.choice([path for path in self.library.rglob("*") if path.is_dir()])

    def new_name(self, path):
        self.number += 1
        return f"{self.number} {path.name[-60:]}"

    def arrive(self):
        path = self.to_come.pop()
        self.n_come += 1
        shutil.copy(path, self.rng.choice([self.any_folder(), self.inbox]) / path.name)

    def rename(self):
        path = self.any_file()
        path.rename(self.any_folder() / self.new_name(path))

    def move_folder(self):
        path, target = self.any_folder(), self.any_folder()
        if path not in (target, *target.parents):
            path.rename(target / self.new_name(path))

    def copy(self):
        path = self.any_file()
        shutil.copy(path, self.any_folder() / self.new_name(path))

    def link(self):
        path = self.any_file()
        os.link(path, self.any_folder() / self.new_name(path))

    def take_away(self):
        path = self.any_file()
        path.rename(self.outside / self.new_name(path))

    def bring_back(self):
        path = self.rng.choice(list(self.outside.iterdir()))
        path.rename(self.any_folder() / self.new_name(path))

    def run_one(self):
        """One operation, of which some find nothing to do."""
        operations = [self.arrive] * 4 + [self.rename] * 4 + [self.move_folder] * 2
        operations += [self.copy, self.link, self.take_away, self.bring_back]
        try:
            self.rng.choice(operations)()
        except (OSError, IndexError):
            pass

    def finish(self):
        while self.to_come:
            self.arrive()
        for path in list(self.outside.iterdir()):
            path.rename(self.library / self.new_name(path))


def count_posts(host):
    return sum(number for number, in host.rows("SELECT count(*) FROM posts"))


def find_faults(host, library, inbox, contents):
    """What is not as it should be, in a line each."""
    wanted = {os.fsencode(path.relative_to(library)): md5(path)
              for path in library.rglob("*") if path.is_file()}
    found = {bytes(path): bytes(content or b"").hex() for path, content in host.rows(
        "SELECT files.path, posts.md5 FROM files JOIN folders ON folders.id = folder_id"
        f" LEFT JOIN posts ON posts.id = post_id WHERE folders.path = CAST('{library}' AS BLOB)")}
    posts = {bytes(content).hex(): status for content, status in
             host.rows("SELECT md5, status FROM posts")}
    thumbnails = {path.stem for path in (host.data / "thumbnails" / "360x360").rglob("*.webp")}
    faults = [f"{path!r}: {found.get(path)} instead of {content}"
              for path, content in wanted.items() if found.get(path) != content]
    faults += [f"{path!r} is not there" for path in found if path not in wanted]
    faults += [f"{content} is no active post" for content in contents if posts.get(content) != 0]
    faults += [f"{content} is a post" for content in posts if content not in contents]
    faults += [f"{content} has no thumbnail" for content in contents - thumbnails]
    faults += [f"{content} has a thumbnail" for content in thumbnails - contents]
    faults += [f"{path} is left" for path in inbox.rglob("*")
               if path.is_file() and "duplicates" not in path.parts]
    return faults


def main():
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1 << 30)
    print(f"# seed {seed}")
    with tempfile.TemporaryDirectory(prefix="booru-rearranged-") as name:
        root = pathlib.Path(name)
        library, inbox, outside, scratch = (root / each for each in ("library", "in", "out", "tmp"))
        for folder in (library, inbox, outside, scratch):
            folder.mkdir()
        seeds = hostile_files.make_seeds(scratch)
        make_pictures(root / "source", seeds)
        work = Rearranging(root / "source", library, inbox, outside, random.Random(seed))
        # What is missed is not found by a comparison of the library with the store later on.
        settings = root / "settings"
        settings.write_text("[monitor]\nreconcile-interval=86400\n")
        options = [f"--settings={settings}", f"--ingest={inbox}"]
        with Host(sys.argv[1], root, *options, library) as host:
            for number in range(OPERATIONS):
                work.run_one()
                host.wait("most of what has come", lambda: count_posts(host) >= work.n_come - AHEAD)
                if number in KILLS:
                    monitors = host.wait("a monitor", lambda: host.children("booru-monitor"))
                    os.kill(monitors[0], signal.SIGKILL)
            work.finish()
            faults = []

            def is_in_order():
                faults[:] = find_faults(host, library, inbox, work.contents)
                return not faults

            try:
                host.wait("all to be in its place", is_in_order)
            except AssertionError:
                print("\n".join("# " + fault for fault in faults[:20]))
                raise
            host.stop()
        print(f"# {len(work.contents)} contents of {len(seeds)} formats, {OPERATIONS} operations")
    print("ok 1 rearranged while it is taken in\n1..1")


if __name__ == "__main__":
    main()
