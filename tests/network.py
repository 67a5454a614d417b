# SPDX-License-Identifier: LGPL-2.1-or-later
"""Machines for tests: network namespaces on one bridge, whose cables can be pulled.

The test itself is the place where the bridge and the servers are: it has to call enter() first, which
starts it once more in namespaces of its own.
"""
import contextlib
import ctypes
import http.client
import os
import shutil
import socket
import subprocess
import sys

NETWORK = "10.77.0.0/24"
HUB = "10.77.0.1"
CLONE_NEWNET = 0x40000000
INSIDE = "BOORU_TEST_NETWORK"
libc = ctypes.CDLL(None, use_errno=True)


class Unavailable(Exception):
    pass


def run(*words):
    try:
        subprocess.run(words, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.PIPE, text=True)
    except subprocess.CalledProcessError as error:
        raise Unavailable(f"{' '.join(words)}: {error.stderr.strip()}") from error


def enter():
    """Returns in namespaces of the test's own, or says why that cannot be."""
    for program in ("ip", "unshare", "nsenter"):
        if not shutil.which(program):
            raise Unavailable(f"{program} is not installed")
    if os.geteuid() != 0:
        raise Unavailable("only root may make network namespaces")
    if INSIDE not in os.environ:
        run("unshare", "--net", "--mount", "true")
        os.environ[INSIDE] = "1"
        os.execvp("unshare", ["unshare", "--net", "--mount", sys.executable, *sys.argv])
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", "hub", "type", "bridge")
    run("ip", "addr", "add", f"{HUB}/24", "dev", "hub")
    run("ip", "link", "set", "hub", "up")


class Machine:
    """One of them: a namespace with a cable to the bridge."""

    def __init__(self, number):
        self.cable = f"cable{number}"
        # It ends with its input, and so with this process.
        self.holder = subprocess.Popen(["unshare", "--net", "sh", "-c", "echo; read line"],
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.holder.stdout.readline()
        pid = str(self.holder.pid)
        run("ip", "link", "add", self.cable, "type", "veth", "peer", "name", "net0", "netns", pid)
        run("ip", "link", "set", self.cable, "master", "hub", "up")
        self.prefix = ["nsenter", "-t", pid, "-n"]
        run(*self.prefix, "ip", "link", "set", "lo", "up")
        run(*self.prefix, "ip", "addr", "add", f"10.77.0.{10 + number}/24", "dev", "net0")
        run(*self.prefix, "ip", "link", "set", "net0", "up")
        self.namespace = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY)
        self.own = os.open("/proc/self/ns/net", os.O_RDONLY)

    def pull_cable(self):
        run("ip", "link", "set", self.cable, "down")

    def plug_in(self):
        run("ip", "link", "set", self.cable, "up")

    @contextlib.contextmanager
    def inside(self):
        """What this thread opens meanwhile is the machine's."""
        if libc.setns(self.namespace, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")
        try:
            yield
        finally:
            if libc.setns(self.own, CLONE_NEWNET) != 0:
                os.abort()

    def connect(self, port, timeout):
        with self.inside():
            return socket.create_connection(("127.0.0.1", port), timeout)

    def close(self):
        self.holder.stdin.close()
        self.holder.wait()
        os.close(self.namespace)
        os.close(self.own)


class Connection(http.client.HTTPConnection):
    """To a server on a machine's loopback."""

    def __init__(self, machine, port, timeout):
        super().__init__("127.0.0.1", port, timeout=timeout)
        self.machine = machine

    def connect(self):
        self.sock = self.machine.connect(self.port, self.timeout)
