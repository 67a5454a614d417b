# SPDX-License-Identifier: LGPL-2.1-or-later
"""Slow clients: how long others wait while they hold on to all connections that they get."""
import http.client
import multiprocessing
import random
import resource
import selectors
import socket
import statistics
import threading
import time

import bench_files

N_ADDRESSES = 64
PAUSE = 2  # seconds between the bytes that a slow client sends or takes
HEAD = b"Host: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
KINDS = {
    "idle": b"",
    "head": b"GET /posts HTTP/1.1\r\nX: ",
    "body": b"PUT /posts/1.json HTTP/1.1\r\n" + HEAD + b"Content-Length: 200000\r\n\r\n",
}


class Crowd:
    """Slow clients, which come again when they are cut off."""

    def __init__(self, port, count, kinds, target):
        self.port = port
        self.kinds = kinds
        self.start = {**KINDS, "reader": f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()}
        self.selector = selectors.DefaultSelector()
        self.open = {}
        for number in range(count):
            self.connect(number)

    def connect(self, number):
        client = socket.socket()
        client.setblocking(False)
        if self.kinds[number % len(self.kinds)] == "reader":
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.bind((f"127.0.0.{1 + number % N_ADDRESSES}", 0))
        client.connect_ex(("127.0.0.1", self.port))
        self.open[number] = client
        self.selector.register(client, selectors.EVENT_WRITE, number)

    def drop(self, number):
        client = self.open.pop(number)
        self.selector.unregister(client)
        client.close()
        self.connect(number)

    def on_ready(self, client, number, connected):
        kind = self.kinds[number % len(self.kinds)]
        if connected:
            client.send(self.start[kind])
            # A slow reader does not look: it would take what has come.
            self.selector.modify(client, 0 if kind == "reader" else selectors.EVENT_READ, number)
        else:
            client.recv(65536)
            self.drop(number)

    def sip(self):
        for number, client in list(self.open.items()):
            kind = self.kinds[number % len(self.kinds)]
            try:
                if kind == "reader":
                    if client.recv(200) == b"":
                        self.drop(number)
                elif kind != "idle":
                    client.send(b"a")
            except BlockingIOError:
                pass
            except OSError:
                self.drop(number)

    def run(self, end):
        due = time.monotonic() + PAUSE
        while time.monotonic() < end:
            for key, events in self.selector.select(0.2):
                try:
                    self.on_ready(key.fileobj, key.data, events & selectors.EVENT_WRITE)
                except OSError:
                    self.drop(key.data)
            if time.monotonic() >= due:
                self.sip()
                due = time.monotonic() + PAUSE


def crowd(port, count, kinds, target, seconds):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 16384), hard))
    Crowd(port, count, kinds, target).run(time.monotonic() + seconds)


def probe(port, path, end, waits):
    """Asks over and over, each time by a new connection; what fails counts as ten seconds."""
    while time.monotonic() < end:
        begin = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            waits.append(time.monotonic() - begin if answer.status == 200 else 10)
        except OSError:
            waits.append(10)
        except http.client.HTTPException:
            waits.append(10)
        finally:
            connection.close()
        time.sleep(random.uniform(0.02, 0.06))


def show(waits):
    ordered = sorted(waits)
    last = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    failed = sum(wait >= 10 for wait in waits)
    return f"{statistics.median(ordered) * 1000:.0f}, {last * 1000:.0f} ms" \
        + (f" ({failed} of {len(waits)} in vain)" if failed else "")


def bench_slow(args, scratch, host_class):
    """Answers beside 5,000 slow clients of all kinds, and beside 2,200 slow readers."""
    library = scratch / "slow-library"
    library.mkdir()
    for number in range(40):
        bench_files.write_icon(library / f"{number}.png", number)
    bench_files.write_bmp(library / "large.bmp", 0, 3000, 2000)
    with host_class(args, scratch / "slow-data", [library]) as host:
        host.until("/counts/posts.json", lambda answer: answer["counts"]["posts"] == 41, 0.1)
        target = max(host.ask("/posts.json"), key=lambda post: post["file_size"])["file_url"]
        target = "/" + target.split("/", 3)[3]
        crowds = {"nobody": (0, ["idle"]),
                  "5,000 slow clients": (5000, ["idle", "head", "body", "reader"]),
                  "2,200 slow readers": (2200, ["reader"])}
        for name, (count, kinds) in crowds.items():
            seconds = args.seconds
            process = multiprocessing.Process(target=crowd, args=(host.port, count, kinds, target, seconds + 4))
            process.start()
            time.sleep(3)  # until all have come
            waits = {path: [] for path in ("/health", "/posts")}
            threads = [threading.Thread(target=probe, args=(host.port, path, time.monotonic() + seconds, found))
                       for path, found in waits.items()]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            process.join()
            for path, found in waits.items():
                yield f"{path} beside {name}: median, 99th percentile", "99 % within 1,000 ms", show(found)
