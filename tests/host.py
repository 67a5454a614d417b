# SPDX-License-Identifier: LGPL-2.1-or-later
"""A real host for tests in Python."""
import http.client
import json
import pathlib
import re
import signal
import sqlite3
import subprocess
import time
import urllib.parse
import urllib.request

PATIENCE = 900  # seconds; sanitizers and busy machines take their time


class Host:
    """A booru-host, with its data folder and its log in root; further arguments as on its command
    line. Without a port, it gets a free one."""

    def __init__(self, program, root, *arguments, data=None, port=0, workers=1):
        root.mkdir(exist_ok=True)
        self.data = data or root / "data"
        self.log_path = root / "log"
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [program, f"--data-dir={self.data}", f"--port={port}", "--bus=none",
             f"--workers={workers}", *arguments],
            stdin=subprocess.DEVNULL, stderr=open(self.log_path, "ab"),
        )
        self.port = port or int(
            self.wait("the port", lambda: re.search(r"http://127\.0\.0\.1:(\d+)", self.log()))[1]
        )
        self.base = f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self.process.kill()
        self.process.wait()

    def log(self):
        return self.log_path.read_text(errors="replace")

    def wait(self, what, condition, pause=0.2):
        """Returns what condition() returns once that is true."""
        deadline = time.monotonic() + PATIENCE
        while not (result := condition()):
            assert (
                self.process.poll() is None
            ), f"the host ended: {self.process.returncode}\n{self.log()[-3000:]}"
            assert time.monotonic() < deadline, f"waited in vain for {what}\n{self.log()[-3000:]}"
            time.sleep(pause)
        return result

    def ask(self, path, method="GET", **form):
        """The JSON of the answer."""
        data = urllib.parse.urlencode(form).encode() if form else None
        request = urllib.request.Request(self.base + path, data, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return (
            answer.status,
            dict((name.lower(), value) for name, value in answer.getheaders()),
            body,
        )

    def rows(self, sql):
        path = self.data / "booru.sqlite"
        if not path.exists():
            return []
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            return connection.execute(sql).fetchall()
        except sqlite3.OperationalError:  # it is being made
            return []
        finally:
            connection.close()

    def children(self, name):
        found = []
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                text = stat.read_text()
            except OSError:
                continue
            pid, comm, rest = (
                int(text.split()[0]),
                text[text.index("(") + 1 : text.rindex(")")],
                text[text.rindex(")") + 2 :].split(),
            )
            if int(rest[1]) == self.process.pid and comm == name:
                found.append(pid)
        return found

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(timeout=120) == 0, self.log()[-3000:]
