#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A server of PostgreSQL for tests: in a temporary folder, reached by a socket there.

postgres.py [--pooler] PROGRAM [ARGUMENT…]: runs a test with the server's address in BOORU_TEST_DATABASE
and its folder in BOORU_TEST_CLUSTER. While there is a file “paused” in that folder, a server that has
ended is not started again. With --pooler, and where PgBouncer is installed, the folder of the socket of
one in transaction mode is in BOORU_TEST_POOLER. Where PostgreSQL is not installed, the test is skipped.
"""
import ctypes
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

USER = "postgres"  # PostgreSQL refuses to run as root
PR_SET_PDEATHSIG = 1
OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "shared_buffers": "16MB",
    "max_connections": "60",
    "autovacuum": "off",
}


def find_programs():
    """Debian has a folder for each version; elsewhere they are in the path."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"),
                   key=lambda path: float(path.parts[-3]))
    path = found[-1] if found else shutil.which("initdb")
    return pathlib.Path(path).parent if path else None


class Unavailable(Exception):
    pass


class Cluster:
    """Call start() for a server; with durable, it survives a loss of power; with network, an address
    and those that may connect to it, it listens there, too."""

    def __init__(self, durable=False, network=None):
        self.programs = find_programs()
        if self.programs is None:
            raise Unavailable("PostgreSQL's server is not installed")
        self.identity = {}
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="booru-pg-"))
        if os.geteuid() == 0:
            try:
                entry = pwd.getpwnam(USER)
            except KeyError as error:
                self.folder.rmdir()
                raise Unavailable(f"PostgreSQL does not run as root, and there is no user {USER}") \
                    from error
            self.identity = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)
        self.options = dict(OPTIONS, fsync="on") if durable else dict(OPTIONS)
        self.clients = None
        if network:
            self.options["listen_addresses"], self.clients = network
        self.paused = self.folder / "paused"
        self.process = None
        self.processes = []
        self.stopping = threading.Event()
        self.watcher = threading.Thread(target=self.watch, daemon=True)
        self.environment = dict(os.environ, LC_ALL="C",
                                PATH=f"{self.programs}:{os.environ.get('PATH', '/usr/bin:/bin')}")

    def run(self, program, *arguments):
        return subprocess.run([self.programs / program, *arguments], check=True, cwd="/", text=True,
                              env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, **self.identity).stdout.strip()

    def start(self):
        self.run("initdb", "-D", self.folder / "data", "--locale=C", "-E", "UTF8", "-A", "trust",
                 "-U", USER, "--no-sync")
        if self.clients:
            with open(self.folder / "data" / "pg_hba.conf", "a", encoding="utf-8") as rules:
                rules.write(f"host all all {self.clients} trust\n")
        self.launch()
        self.watcher.start()
        self.wait()

    def launch(self):
        words = [self.programs / "postgres", "-D", self.folder / "data", "-k", self.folder]
        for name, value in self.options.items():
            words += ["-c", f"{name}={value}"]
        self.process = self.launch_with(*words)

    def launch_with(self, *words):
        libc = ctypes.CDLL(None)

        def prepare():
            libc.prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)
            # Ignored in what a shell runs in the background, and by that in all that it runs.
            signal.signal(signal.SIGQUIT, signal.SIG_DFL)

        process = subprocess.Popen(
            words, cwd="/", env=self.environment, stdin=subprocess.DEVNULL,
            stdout=open(self.folder / "log", "ab"), stderr=subprocess.STDOUT,
            preexec_fn=prepare, **self.identity)
        self.processes.append(process)
        return process

    def watch(self):
        while not self.stopping.wait(0.02):
            if self.process.poll() is not None and not self.paused.exists():
                self.launch()

    def wait(self):
        for _ in range(3000):
            if subprocess.run([self.programs / "pg_isready", "-q", "-h", self.folder],
                              env=self.environment, check=False).returncode == 0:
                return
            time.sleep(0.02)
        raise RuntimeError((self.folder / "log").read_text(errors="replace"))

    def pause(self):
        """Stops the server, without waiting for its clients. Nothing is lost."""
        self.paused.touch()
        self.process.send_signal(signal.SIGINT)
        self.process.wait()

    def resume(self):
        self.paused.unlink()
        self.wait()

    def stop(self):
        self.stopping.set()
        self.watcher.join()
        for process in self.processes:
            process.send_signal(signal.SIGCONT)
            process.send_signal(signal.SIGQUIT)
            process.wait()
        shutil.rmtree(self.folder)

    def address(self, database):
        return f"postgresql://{USER}@/{database}?host={urllib.parse.quote(str(self.folder), '')}"

    def query(self, sql, database="postgres"):
        """What psql prints."""
        return self.run("psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", self.address(database),
                        "-c", sql)

    def add_pooler(self, mode="transaction"):
        """The folder of its socket, or None. It goes with this process."""
        program = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin")
        if program is None:
            return None
        (self.folder / "pooler.ini").write_text(
            f"[databases]\n* = host={self.folder} user={USER}\n"
            f"[pgbouncer]\nlisten_addr =\nunix_socket_dir = {self.folder}\n"
            f"auth_type = any\npool_mode = {mode}\n")
        self.launch_with(program, str(self.folder / "pooler.ini"))
        return self.folder

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *problem):
        self.stop()


def main():
    # The server ends with this process, however that ends; its folder only if it is asked.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    words = sys.argv[1:]
    pooler = words[:1] == ["--pooler"]
    try:
        cluster = Cluster()
    except Unavailable as error:
        print(f"1..0 # SKIP {error}")
        return 0
    with cluster:
        environment = dict(cluster.environment, BOORU_TEST_DATABASE=cluster.address("postgres"),
                           BOORU_TEST_CLUSTER=str(cluster.folder))
        if pooler and cluster.add_pooler():
            environment["BOORU_TEST_POOLER"] = str(cluster.folder)
        return subprocess.run(words[pooler:], check=False, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
