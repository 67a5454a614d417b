#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Hosts on two machines with one database of PostgreSQL and one folder of files: edits and uploads of
either are seen by the other, and the monitor's role goes from one to the other when a host is killed,
a cable is pulled, or a monitor is stopped. Nothing that was acknowledged is lost, and nothing is there
twice.

test-machines.py HOST
"""
import contextlib
import hashlib
import json
import os
import pathlib
import re
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import zlib

sys.path[:0] = [str(pathlib.Path(__file__).parent.parent)]
import network
import postgres

SKIPPED = 77
LEASE = 3         # seconds
TAKE_OVER = 1     # seconds after the lease's end
VISIBLE = 1       # seconds until the other machine shows something
SLACK = 4         # seconds that a busy machine takes for what follows at once
PATIENCE = 60     # seconds
TIMEOUT = 12      # seconds within which any request is answered


def png(seed):
    """A picture of which no two are alike."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + bytes((x * (seed % 251) + y * (seed // 251 + 7)) % 256 for x in range(96))
                    for y in range(32))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 32, 32, 8, 2, 0, 0, 0))
            + chunk(b"tEXt", b"seed\0%d" % seed)
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def wait(what, condition, patience=PATIENCE, pause=0.05):
    """Returns what condition() returns once that is true, and how long that took."""
    began = time.monotonic()
    while not (result := condition()):
        assert time.monotonic() - began < patience, f"waited in vain for {what}"
        time.sleep(pause)
    return result, time.monotonic() - began


class Node:
    """A machine, and its host."""

    def __init__(self, number, program, root, arguments):
        self.number = number
        self.machine = network.Machine(number)
        self.root = root / f"machine{number}"
        self.root.mkdir()
        self.settings = self.root / "settings"
        self.settings.write_text(f"[monitor]\nlease-seconds={LEASE}\n")
        self.command = [*self.machine.prefix, program, f"--data-dir={self.root / 'data'}",
                        f"--settings={self.settings}", "--port=5000", "--bus=none", "--workers=1",
                        *arguments]
        self.process = None

    def start(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL,
                                        # Which process stands still for how long is the test's business.
                                        env=dict(os.environ, BOORU_HEARTBEAT_LIMIT="60"),
                                        stderr=open(self.root / "log", "ab"))
        wait("the host", self.is_ready)

    def is_ready(self):
        assert self.process.poll() is None, self.log()[-3000:]
        return self.status("/health") == 200

    def log(self):
        return (self.root / "log").read_text(errors="replace")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=PATIENCE)

    def request(self, method, path, body=None, headers=None):
        """Status, headers, body; None where there is no answer: the host is not there."""
        connection = network.Connection(self.machine, 5000, TIMEOUT)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        except TimeoutError:
            raise AssertionError(f"{method} {path} of machine {self.number} hung") from None
        except (OSError, network.http.client.HTTPException):
            return None
        finally:
            connection.close()

    def status(self, path):
        answer = self.request("GET", path)
        return answer[0] if answer else None

    def ask(self, path):
        answer = self.request("GET", path)
        return json.loads(answer[2]) if answer and answer[0] == 200 else None

    def count(self, tags=""):
        found = self.ask(f"/posts.json?limit=200&only=id&tags={tags}")
        return -1 if found is None else len(found)

    def edit(self, post, tags):
        """Whether it was acknowledged."""
        form = urllib.parse.urlencode({"post[tag_string]": tags})
        answer = self.request("PUT", f"/posts/{post}.json", form,
                              {"Content-Type": "application/x-www-form-urlencoded"})
        return answer is not None and answer[0] == 200

    def upload(self, picture):
        """The id of the upload's file, if it was acknowledged."""
        mark = "------------------------booru"
        body = (f"--{mark}\r\nContent-Disposition: form-data; name=\"upload[files][0]\"; "
                f"filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n").encode() + picture \
            + f"\r\n--{mark}--\r\n".encode()
        answer = self.request("POST", "/uploads.json", body,
                              {"Content-Type": f"multipart/form-data; boundary={mark}"})
        if answer is None or answer[0] != 201:
            return None
        return json.loads(answer[2])["upload_media_assets"][0]["id"]

    def post_of(self, asset, tags):
        """The id of the post that is made of it, if that was acknowledged."""
        form = urllib.parse.urlencode({"upload_media_asset_id": asset, "post[tag_string]": tags,
                                       "post[rating]": "g"})
        answer = self.request("POST", "/posts.json", form,
                              {"Content-Type": "application/x-www-form-urlencoded"})
        return json.loads(answer[2])["id"] if answer is not None and answer[0] == 201 else None

    def monitor(self):
        """Pid of its process."""
        return int((self.root / "data" / "runtime" / "booru-monitor.pid").read_text())


class Writer(threading.Thread):
    """Edits a post of its own and uploads pictures, one after the other, and remembers what was
    acknowledged."""

    def __init__(self, node, post):
        super().__init__(daemon=True)
        self.node = node
        self.post = post
        self.tags = []
        self.edited = []
        self.uploaded = []
        self.failure = None
        self.stopping = threading.Event()

    def run(self):
        try:
            number = 0
            while not self.stopping.wait(0.2):
                number += 1
                self.tags.append(f"writer{self.node.number}_{number}")
                if self.node.edit(self.post, " ".join(self.tags)):
                    self.edited = list(self.tags)
                if number % 4 == 0:
                    asset = self.node.upload(png(1000 * self.node.number + number))
                    if asset is not None:
                        self.uploaded.append(asset)
        except Exception as error:  # it is the test that fails
            self.failure = error

    def stop(self):
        self.stopping.set()
        self.join()
        if self.failure:
            raise self.failure


class Story:
    def __init__(self, cluster, nodes, library):
        self.cluster = cluster
        self.nodes = nodes
        self.library = library
        self.n_pictures = 3

    def query(self, sql):
        return self.cluster.query(sql, "board")

    def lease(self):
        """Token, and seconds until it ends."""
        token, left = self.query(
            "SELECT token, (expires_at - clock_us ()) / 1e6 FROM leases WHERE role = 'monitor'"
        ).split("|")
        return int(token), float(left)

    def leader(self):
        """Who has the role, and who has not."""
        holder = self.query("SELECT holder FROM leases WHERE role = 'monitor'")
        leaders = [node for node in self.nodes if str(node.root / "data") in holder]
        assert len(leaders) == 1, holder
        return leaders[0], next(node for node in self.nodes if node is not leaders[0])

    def await_takeover(self, what, token):
        """Until the lease that had @token is another's."""
        ends = time.monotonic() + self.lease()[1]
        wait(f"another monitor after {what}", lambda: self.lease()[0] > token)
        late = time.monotonic() - ends
        print(f"{what}: taken over {late:.2f} s after the lease's end", flush=True)
        assert late < TAKE_OVER + SLACK, late
        assert self.lease()[0] == token + 1, self.lease()

    def await_new_picture(self, *nodes):
        self.n_pictures += 1
        (self.library / f"{self.n_pictures}.png").write_bytes(png(self.n_pictures))
        md5 = hashlib.md5(png(self.n_pictures)).hexdigest()
        for node in nodes:
            wait(f"a new picture on machine {node.number}", lambda n=node: n.count(f"md5:{md5}") == 1)

    def check_edits(self):
        """Each edit of one is seen by the other in time."""
        took = []
        for number in range(6):
            here, there = self.nodes[number % 2], self.nodes[1 - number % 2]
            assert here.edit(1, f"edit_{number}")
            took.append(wait("an edit", lambda n=number, t=there: t.count(f"edit_{n}") == 1,
                             pause=0.01)[1])
        print(f"an edit is visible after {max(took):.2f} s", flush=True)
        assert max(took) < VISIBLE + SLACK and sorted(took)[len(took) // 2] < VISIBLE, took

    def check_uploads(self):
        """Also on the machine whose monitor does not work."""
        for number, (here, there) in enumerate((self.nodes, self.nodes[::-1])):
            asset = here.upload(png(500 + number))
            assert asset is not None
            post = here.post_of(asset, f"upload_{number}")
            assert post is not None
            _, took = wait("an upload", lambda n=number, t=there: t.count(f"upload_{n}") == 1)
            print(f"an upload is visible after {took:.2f} s", flush=True)
            assert took < VISIBLE + SLACK, took
            for node in (here, there):
                file = node.ask(f"/posts/{post}.json")
                path = urllib.parse.urlparse(file["file_url"]).path
                assert node.status(path) == 200, path
                path = urllib.parse.urlparse(file["preview_file_url"]).path
                assert node.status(path) == 200, path

    def check_live_pages(self):
        """A page that is open on one machine is told of what happens on the other."""
        here, there = self.nodes
        with there.machine.connect(5000, TIMEOUT) as stream:
            stream.sendall(b"GET /events HTTP/1.1\r\nHost: 127.0.0.1:5000\r\n\r\n")
            text = b""
            while b"retry:" not in text:
                text += stream.recv(4096)
            assert here.edit(2, "live")
            began = time.monotonic()
            while not re.search(rb"event: posts-changed\r?\ndata: [^\n]*\b2\b", text):
                text += stream.recv(4096)
            took = time.monotonic() - began
        print(f"an open page is told after {took:.2f} s", flush=True)
        assert took < VISIBLE + SLACK, took

    def check_kill(self):
        leader, other = self.leader()
        token, _ = self.lease()
        leader.kill()
        self.await_takeover("kill -9", token)
        assert self.leader()[0] is other
        self.await_new_picture(other)
        leader.start()
        self.await_standby(leader, other)

    def await_standby(self, node, leader):
        """Back again: it waits, and shows what happened meanwhile."""
        token, _ = self.lease()
        waits = node.log().count("monitor waits")
        wait("a standby", lambda: node.log().count("monitor waits") >= max(waits, 1))
        self.await_new_picture(leader, node)
        assert self.lease()[0] == token
        assert self.leader()[0] is leader

    def check_answers(self, node):
        """Cut off, it says so, and says when to come again; it never hangs."""
        for path in ("/posts.json?tags=edit_1", "/posts/1.json", "/posts?tags=edit_2", "/tags.json"):
            status, headers, _ = node.request("GET", path)
            assert status in (200, 503), (path, status)
            assert status == 200 or "retry-after" in headers, headers
        answer = node.request("PUT", "/posts/3.json", "post[tag_string]=never",
                              {"Content-Type": "application/x-www-form-urlencoded"})
        assert answer[0] == 503 and "retry-after" in answer[1], answer
        wait("bad health", lambda: self.health(node) != "ready")

    def health(self, node):
        answer = node.request("GET", "/health")
        return json.loads(answer[2]).get("status") if answer else None

    def check_cable(self):
        leader, other = self.leader()
        token, _ = self.lease()
        leader.machine.pull_cable()
        self.await_takeover("a pulled cable", token)
        assert self.leader()[0] is other
        self.check_answers(leader)
        self.await_new_picture(other)
        leader.machine.plug_in()
        wait("health", lambda: self.health(leader) == "ready")
        self.await_standby(leader, other)

    def check_stopped(self):
        leader, other = self.leader()
        token, _ = self.lease()
        monitor = leader.monitor()
        (self.library / "late.png").write_bytes(png(777))
        os.kill(monitor, signal.SIGSTOP)
        try:
            self.await_takeover("SIGSTOP", token)
        finally:
            os.kill(monitor, signal.SIGCONT)
        assert self.leader()[0] is other
        wait("the end of a role", lambda: f"lost the role (token {token})" in leader.log())
        self.await_standby(leader, other)

    def check_invariants(self, writers):
        for writer in writers:
            assert writer.edited and writer.uploaded
            print(f"machine {writer.node.number}: {len(writer.edited)} edits and "
                  f"{len(writer.uploaded)} uploads acknowledged", flush=True)
            for node in self.nodes:
                tags = node.ask(f"/posts/{writer.post}.json")["tag_string"].split()
                assert set(writer.edited) <= set(tags), set(writer.edited) - set(tags)
        assets = [asset for writer in writers for asset in writer.uploaded]
        listed = ", ".join(map(str, assets))
        assert int(self.query("SELECT count(*) FROM upload_assets WHERE spool IS NOT NULL"
                              f" AND id IN ({listed})")) == len(assets)
        wait("all uploads", lambda: self.query("SELECT count(*) FROM upload_assets WHERE md5 IS NULL"
                                               f" AND id IN ({listed})") == "0")
        assert self.query("SELECT count(*) FROM (SELECT md5 FROM posts GROUP BY md5"
                          " HAVING count(*) > 1) AS twice") == "0"
        assert self.query("SELECT count(*) FROM (SELECT folder_id, path FROM files"
                          " GROUP BY folder_id, path HAVING count(*) > 1) AS twice") == "0"
        # Each token was given to one monitor.
        tokens = [int(token) for node in self.nodes
                  for token in re.findall(r"has the role \(token (\d+)\)", node.log())]
        assert sorted(tokens) == list(range(1, self.lease()[0] + 1)), tokens
        active = int(self.query("SELECT count(*) FROM posts WHERE status = 0"))
        for node in self.nodes:
            wait("all posts", lambda n=node: n.count() == active)
        assert self.query("SELECT count(*) FROM posts WHERE status <> 0") == "0"


def tell(story):
    wait("one monitor", lambda: story.query("SELECT count(*) FROM leases WHERE holder <> ''") == "1")
    assert story.lease()[0] == 1
    for node in story.nodes:
        wait("the posts", lambda n=node: n.count() == 3)
    story.check_edits()
    story.check_uploads()
    story.check_live_pages()
    writers = [Writer(node, 2 + index) for index, node in enumerate(story.nodes)]
    for writer in writers:
        writer.start()
    story.check_kill()
    story.check_cable()
    story.check_stopped()
    for writer in writers:
        writer.stop()
    story.check_invariants(writers)


def check_refusal(program, root, arguments):
    """Another folder with the same database."""
    other = root / "other"
    other.mkdir()
    words = [word for word in arguments if not word.startswith("--files-dir=")]
    done = subprocess.run([program, f"--data-dir={root / 'third'}", f"--files-dir={other}", "--port=0",
                           "--bus=none", "--workers=1", *words], stdin=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 78, done
    assert "is not that of the board" in done.stderr, done.stderr


def main():
    program = sys.argv[1]
    try:
        network.enter()
        cluster = postgres.Cluster(network=(network.HUB, network.NETWORK))
    except (network.Unavailable, postgres.Unavailable) as error:
        print(error)
        return SKIPPED
    with cluster, tempfile.TemporaryDirectory(prefix="booru-machines-") as folder, \
            contextlib.ExitStack() as stack:
        root = pathlib.Path(folder)
        library, files = root / "library", root / "files"
        library.mkdir()
        files.mkdir()
        for number in range(3):
            (library / f"{number}.png").write_bytes(png(number + 1))
        cluster.query("CREATE DATABASE board")
        arguments = [f"--database=postgresql://{postgres.USER}@{network.HUB}/board",
                     f"--files-dir={files}", str(library)]
        nodes = []
        for number in (1, 2):
            node = Node(number, program, root, arguments)
            nodes.append(node)
            stack.callback(node.machine.close)
            node.start()
            stack.callback(node.kill)
            wait("its monitor", lambda n=node: "has the role" in n.log() or "monitor waits" in n.log())
        check_refusal(program, root, arguments)
        began = time.monotonic()
        try:
            tell(Story(cluster, nodes, library))
        except BaseException:
            for node in nodes:
                print(f"--- machine {node.number}\n{node.log()[-6000:]}", file=sys.stderr)
            raise
        print(f"the story took {time.monotonic() - began:.0f} s")
        for node in nodes:
            node.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
