#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Builds a plugin out of the tree, with nothing but what gets installed.

test-out-of-tree.py BUILD-FOLDER SOURCE-OF-A-PLUGIN CC [CC-ARGUMENT…]
"""
import os
import pathlib
import subprocess
import sys
import tempfile


def pkg_config(root, *arguments):
    """pkg-config booru-host, looking below the folder that was installed to."""
    found = next(root.rglob("booru-host.pc"))
    environment = {**os.environ, "PKG_CONFIG_SYSROOT_DIR": str(root)}
    environment["PKG_CONFIG_PATH"] = str(found.parent)
    command = ["pkg-config", *arguments, "booru-host"]
    output = subprocess.check_output(command, env=environment, text=True)
    # The sysroot is put before the folders of GLib, too, which are not below it.
    words = output.split()
    return [w.replace(str(root), "", 1) if not pathlib.Path(w[2:]).exists() else w for w in words]


def main():
    build, source, *compiler = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        subprocess.run(["meson", "install", "-C", build, "--no-rebuild", "--quiet", "--destdir", root],
                       check=True, stdout=subprocess.DEVNULL)
        module = root / "libmine.so"
        subprocess.run([*compiler, "-shared", "-fPIC", "-Wall", "-Werror", '-DFIXTURE_NAME="mine"',
                        source, "-o", module,
                        *pkg_config(root, "--cflags", "--libs")], check=True, cwd=root)
        symbols = subprocess.check_output(["nm", "-D", "--defined-only", module], text=True)
        assert " booru_plugin\n" in symbols, symbols
        plugins = pkg_config(root, "--variable=plugindir")[0]
        installed = root / plugins.lstrip("/")
        if not installed.is_dir():
            installed = pathlib.Path(plugins)
        assert (installed / "web" / "web.plugin").is_file(), f"no plugins in {installed}"


if __name__ == "__main__":
    main()
