#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the tests of a Meson build folder and counts them one by one.

Meson counts test programs; each of ours prints many results (TAP). Usage:
meson-test.py [--all] BUILD-FOLDER [TEST or SUITE ...]

The suite "slow" is left out unless --all is given, or a name.
"""
import json
import pathlib
import re
import subprocess
import sys

TAP_LINE = re.compile(r"^(not )?ok\b[\s\d]*([^#]*?)\s*(?:#\s*(skip|todo)\b\s*(.*))?$", re.IGNORECASE)


def tests_named(build, names):
    """The names of the tests that are called so or are in a suite that is."""
    tests = json.loads(subprocess.check_output(["meson", "introspect", "--tests", build]))
    found = []
    for name in names:
        of_suite = [test["name"] for test in tests if name in (s.split(":")[-1] for s in test["suite"])]
        found += of_suite or [name]
    return sorted(set(found))


def last_line(test):
    lines = (test.get("stdout", "") + test.get("stderr", "")).split("\n")
    return next((line for line in reversed(lines) if line.strip()), "no reason given")


def count(test):
    """Passed and failed results of one test program, and what it skipped, with the reasons."""
    passed = failed = 0
    skipped = []
    for line in test.get("stdout", "").splitlines():
        match = TAP_LINE.match(line)
        if not match:
            continue
        if match[3]:
            skipped.append(f"{match[2] or test['name']}: {match[4] or 'no reason given'}")
        elif match[1]:
            failed += 1
        else:
            passed += 1

    result = test["result"]
    if result in ("OK", "EXPECTEDFAIL"):
        return max(passed, 0 if skipped else 1), failed, skipped
    if result == "SKIP":
        return passed, failed, skipped or [f"{test['name']}: {last_line(test)}"]
    return passed, max(failed, 1), skipped


def report(test):
    print(f"\n=== {test['name']}: {test['result']}")
    for stream in ("stdout", "stderr"):
        text = test.get(stream, "").rstrip()
        if text:
            print("\n".join(text.splitlines()[-150:]))


def main():
    arguments = sys.argv[1:]
    everything = "--all" in arguments
    build, *names = [each for each in arguments if each != "--all"]
    command = ["meson", "test", "-C", build, "--no-rebuild", "--num-processes", "2"]
    command += tests_named(build, names)
    if not everything and not names:
        command += ["--no-suite", "slow"]
    log = pathlib.Path(build, "meson-logs", "testlog.json")
    log.unlink(missing_ok=True)
    status = subprocess.call(command, stdin=subprocess.DEVNULL)

    results = [json.loads(line) for line in log.open()] if log.exists() else []
    passed, failed, skipped = 0, 0, []
    for test in results:
        counts = count(test)
        passed, failed, skipped = passed + counts[0], failed + counts[1], skipped + counts[2]
        if counts[1]:
            report(test)
    if skipped:
        print("\nSkipped:", *skipped, sep="\n  ")
    if not results:
        print(f"No test was run: is there one called {' '.join(names)}?" if names else "No test was run.")
        status = status or 1

    print(f"\n{passed} passed, {failed} failed, {len(skipped)} skipped")
    return 1 if failed or status else 0


if __name__ == "__main__":
    sys.exit(main())
