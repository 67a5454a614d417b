#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A folder full of bad plugins, with web and monitor beside it: the host starts, serves, says of each
what is wrong with it, and goes through enabling, reloading and the removal of each while it is asked
for pages, of which none is lost.

test-bad-plugins.py BUILD-FOLDER
"""
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from host import Host

BUSY = 75  # what it asks for comes too early; EX_TEMPFAIL

# Built fixtures, and what the host is to say of each; None: nothing.
FIXTURES = {
    "abort-on-extend": "it crashes: Aborted",
    "abort-on-load": "it crashes: Aborted",
    "activate-fails": "this machine has no scanner",
    "atexit-on-load": None,
    "chdir-on-load": None,
    "circle-a": "depends on itself",
    "circle-b": "depends on itself",
    "close-fds-on-load": "it ends the process with code",
    "crash-on-activate": "it crashes: Segmentation fault",
    "crash-on-extend": "it crashes: Segmentation fault",
    "crash-on-load": "it crashes: Segmentation fault",
    "exit-0-on-activate": "it ends the process with code 0",
    "exit-0-on-extend": "it ends the process with code 0",
    "exit-0-on-load": "it ends the process with code 0",
    "exit-on-load": "it ends the process with code 7",
    "extends-not": "no lamp in web",
    "extends-too-much": "it ends the process with code 74",
    "floods": None,
    "fork-on-load": None,
    "hang-on-load": "it has not returned within 10 seconds",
    "kill-on-activate": "it crashes: Killed",
    "loop-on-extend": "it has not returned after 5 seconds of processor time",
    "loop-on-load": "it has not returned after 5 seconds of processor time",
    "missing-dependency": "which is not installed",
    "no-symbol": "does not export",
    "recurse-on-activate": "it crashes: Segmentation fault",
    "same-service-twice": "a service of this name already",
    "shout-on-load": "it crashes: Aborted",
    "signals-on-load": None,
    "threads-on-activate": None,
    "undefined-symbol": "fixture_function_that_nobody_has",
    "wrong-abi": "plugin ABI 4711",
    "wrong-name": "calls itself",
}
METADATA = "[Plugin]\nName={0}\nDescription=Bad\nModule=lib{0}.so\nABI=1\n"


def make_files(folder, fixtures):
    """Plugins of which the files are at fault. Returns what is to be said of each: of those that have
    metadata by name, of the others by file."""
    good = (fixtures / "libgood.so").read_bytes()

    def write(name, module=None, text=METADATA):
        path = folder / f"{name}.plugin"
        path.write_text(text.format(name))
        if module is not None:
            (folder / f"lib{name}.so").write_bytes(module)
        return path

    write("file-missing")
    write("file-empty", b"")
    write("file-truncated", good[: len(good) // 3])
    write("file-text", b"this is some text and no shared object, of length enough for a header")
    write("file-writable", good)
    (folder / "libfile-writable.so").chmod(0o666)
    write("file-fifo")
    os.mkfifo(folder / "libfile-fifo.so")
    write("file-folder")
    (folder / "libfile-folder.so").mkdir()
    named = {
        "file-missing": "there is no such file",
        "file-empty": "file too short",
        "file-truncated": "libfile-truncated.so",
        "file-text": "invalid ELF header",
        "file-writable": "chmod go-w",
        "file-fifo": "it is not a regular file",
        "file-folder": "it is a folder, not a file",
    }
    os.mkfifo(folder / "a-fifo.plugin")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(folder / "a-socket.plugin"))
    (folder / "a-folder.plugin").mkdir()
    (folder / "a-circle.plugin").symlink_to("a-circle.plugin")
    write("large-metadata")
    os.truncate(folder / "large-metadata.plugin", 40 << 20)
    write("writable-metadata").chmod(0o622)
    write("no-name", text="[Plugin]\nModule=libx.so\nABI=1\n")
    write("odd-name", text=METADATA.replace("{0}", "../odd\\n", 1))
    write("old-abi", text=METADATA.replace("ABI=1", "ABI=99"))
    write("twin-of-missing", text=METADATA.format("file-missing"))
    write("misspelt", good, METADATA + "Extend=web\n")
    by_file = {
        "a-fifo": "it is not a regular file",
        "a-socket": "it is not a regular file",
        "a-folder": "it is a folder, not a file",
        "a-circle": "Too many levels of symbolic links",
        "large-metadata": "it is larger than 64 KiB",
        "writable-metadata": "chmod go-w",
        "no-name": "Name= is missing",
        "odd-name": "a name consists of",
        "old-abi": "plugin ABI 99",
        "twin-of-missing": "has the name file-missing already",
    }
    return {**named, **by_file}, {**by_file, "misspelt": "did you mean Extends=?"}


class Load(threading.Thread):
    """Asks for pages until it is told to stop, and keeps count."""

    def __init__(self, host):
        super().__init__(daemon=True)
        self.host, self.answered, self.lost, self.done = host, 0, [], threading.Event()

    def run(self):
        while not self.done.is_set():
            try:
                status = self.host.get("/posts.json?limit=1")[0]
            except OSError as problem:
                status = repr(problem)
            if status == 200:
                self.answered += 1
            else:
                self.lost.append(status)
            time.sleep(0.01)


class Ctl:
    def __init__(self, build, host):
        self.command = [build / "core" / "ctl" / "booructl", f"--data-dir={host.data}", "--json"]

    def __call__(self, *arguments, good=None):
        while True:
            ended = subprocess.run(
                [*self.command, *arguments], capture_output=True, text=True, timeout=300
            )
            if ended.returncode != BUSY:
                break
            time.sleep(0.1)
        if good is not None:
            assert (ended.returncode == 0) == good, (arguments, ended)
        return ended

    def plugins(self):
        listed = json.loads(self("plugins", good=True).stdout)
        return {plugin["name"]: plugin for plugin in listed}


def install(folder, fixtures, names):
    for name in names:
        for file in (f"{name}.plugin", f"lib{name}.so"):
            shutil.copy(fixtures / file, folder / file)
            (folder / file).chmod(0o644)


def check_all(ctl, host, named, by_file):
    plugins = ctl.plugins()
    for name, says in named.items():
        assert name in plugins, name
        error = plugins[name].get("error", "")
        assert (says is None and not error) or (says and says in error), (name, says, error)
    log = host.log()
    for name, says in by_file.items():
        assert re.search(rf"{name}\.plugin[^\n]*{re.escape(says)}", log), (name, says)


def remove_all(ctl, folder):
    """Metadata and modules go, a few at a time, as when packages are removed. Those of plugins that
    run may be missed."""
    files = sorted(folder.iterdir())
    for start in range(0, len(files), 12):
        for file in files[start : start + 12]:
            if file.is_dir() and not file.is_symlink():
                file.rmdir()
            else:
                file.unlink()
        ctl("reload")


def status(host, path):
    """Of an answer; 0: there was none."""
    try:
        return host.get(path)[0]
    except OSError:
        return 0


def start(build, root, enabled):
    os.environ["BOORU_PLUGIN_PATH"] = str(root / "plugins")
    os.environ["BOORU_SETTINGS"] = str(root / "settings.conf")
    os.environ["XDG_RUNTIME_DIR"] = str(root)
    names = ", ".join(f"'{name}'" for name in enabled)
    (root / "settings.conf").write_text(f"[host]\nenabled-plugins=[{names}]\n")
    host = Host(build / "core" / "host" / "booru-host", root, "--workers=2")
    host.wait("an answer", lambda: status(host, "/posts.json") == 200)
    return host, Ctl(build, host)


def check_crashing_route(build, root):
    """A route that crashes costs its plugin, not the web."""
    install(root / "plugins", build / "tests" / "plugins", ["bad-routes"])
    host, ctl = start(build, root, ["web", "bad-routes"])
    with host:

        def crash():
            assert status(host, "/test/crash/now") in (0, 404)
            return ctl.plugins()["bad-routes"].get("error")

        assert "/test/crash/now" in host.wait("the plugin to be left out", crash)
        host.wait("the web without it", lambda: status(host, "/test/crash/now") == 404)
        assert status(host, "/posts.json") == 200
        host.stop()


def check_crowd(build, root):
    fixtures = build / "tests" / "plugins"
    folder = root / "plugins"
    install(folder, fixtures, FIXTURES)
    named, by_file = make_files(folder, fixtures)
    named = {**FIXTURES, **named}
    host, ctl = start(build, root, ["web", "monitor", *named])
    with host:
        host.wait("the flood", lambda: "is dropped: it is larger than 64 KiB" in host.log())
        check_all(ctl, host, named, by_file)

        loads = [Load(host) for _ in range(3)]
        for load in loads:
            load.start()
        ctl("settings", "enabled-plugins", "['web', 'monitor']", good=True)
        for name, says in named.items():
            ended = ctl("enable", name, good=says is None)
            assert says is None or says in ended.stdout + ended.stderr, (name, says, ended)
        ctl("reload", good=True)
        check_all(ctl, host, named, by_file)
        remove_all(ctl, folder)
        for name in (name for name, says in named.items() if says is None):
            ctl("disable", name, good=True)
        ctl("reload", good=True)
        assert set(ctl.plugins()) >= {"web", "monitor"}
        for load in loads:
            load.done.set()
            load.join()
            assert not load.lost, load.lost[:5]
            assert load.answered > 10, load.answered
        host.wait("the monitor", lambda: host.children("booru-monitor"))
        host.wait("the workers", lambda: len(host.children("booru-web")) == 2)
        host.stop()


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    for check in (check_crashing_route, check_crowd):
        with tempfile.TemporaryDirectory() as top:
            root = pathlib.Path(top)
            (root / "plugins").mkdir()
            check(build, root)


if __name__ == "__main__":
    main()
