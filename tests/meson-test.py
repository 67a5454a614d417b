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

TAP_LINE = re.compile(r"^(not )?ok\b[^#]*(?:#\s*(skip|todo)\b)?", re.IGNORECASE)


def known_suites(build):
    tests = json.loads(subprocess.check_output(["meson", "introspect", "--tests", build]))
    return {suite.split(":")[-1] for test in tests for suite in test["suite"]}


def count(test):
    """Passed, failed and skipped results of one test program."""
    passed = failed = skipped = 0
    for line in test.get("stdout", "").splitlines():
        match = TAP_LINE.match(line)
        if not match:
            continue
        if match[2]:
            skipped += 1
        elif match[1]:
            failed += 1
        else:
            passed += 1

    result = test["result"]
    if result in ("OK", "EXPECTEDFAIL"):
        return max(passed, 0 if skipped else 1), failed, skipped
    if result == "SKIP":
        return passed, failed, max(skipped, 1)
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
    suites = known_suites(build)
    command = ["meson", "test", "-C", build, "--no-rebuild", "--num-processes", "2"]
    for name in names:
        command += ["--suite", name] if name in suites else [name]
    if not everything and not names:
        command += ["--no-suite", "slow"]
    log = pathlib.Path(build, "meson-logs", "testlog.json")
    log.unlink(missing_ok=True)
    status = subprocess.call(command, stdin=subprocess.DEVNULL)

    results = [json.loads(line) for line in log.open()] if log.exists() else []
    totals = [0, 0, 0]
    for test in results:
        counts = count(test)
        totals = [total + more for total, more in zip(totals, counts)]
        if counts[1]:
            report(test)
    if not results:
        print(f"No test was run: is there one called {' '.join(names)}?" if names else "No test was run.")
        status = status or 1

    print(f"\n{totals[0]} passed, {totals[1]} failed, {totals[2]} skipped")
    return 1 if totals[1] or status else 0


if __name__ == "__main__":
    sys.exit(main())
