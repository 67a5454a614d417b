#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Measures booru-host against its budgets (docs/performance.md) and prints a Markdown table.

    tests/bench/bench.py [--build build] [--only NAME ...] [--rounds 3] [--database FILE]

Builds are measured without sanitizers. A peer (vipsthumbnail, Pillow, nginx) is measured in turn with the
program, round by round, and the median of the ratios is what counts: machines are noisy. Everything
happens in a temporary folder and on loopback. Pillow is measured where Debian's python3-pil is.
"""
import argparse
import contextlib
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import bench_edits
import bench_files
import bench_slow

sys.path[:0] = [str(pathlib.Path(__file__).parent.parent)]
from host import Host

BENCHES = {}


def bench(name):
    """Registers a function that yields rows: what, budget, figure."""
    def register(function):
        BENCHES[name] = function
        return function
    return register


class BenchHost(Host):
    """A host whose answers are waited for by the clock."""

    def __init__(self, args, data, folders=(), workers=2):
        super().__init__(pathlib.Path(args.build, "core/host/booru-host"), data.parent, *folders,
                         data=data, port=free_port(), workers=workers)

    def until(self, path, condition, pause=0.005):
        """Asks for path until condition(answer) holds; returns the seconds since the start."""
        def holds():
            with contextlib.suppress(OSError):
                return condition(self.ask(path))
        self.wait(path, holds, pause)
        return time.monotonic() - self.started

    def count(self):
        return self.ask("/counts/posts.json")["counts"]["posts"]

    def tree(self):
        """pid → name of the host and all below it."""
        listing = subprocess.check_output(["ps", "-eo", "pid=,ppid=,comm="], text=True)
        rows = [line.split(None, 2) for line in listing.splitlines()]
        found = {self.process.pid: "booru-host"}
        for _ in range(4):
            found |= {int(pid): comm for pid, ppid, comm in rows if int(ppid) in found}
        return found

    def __exit__(self, *problem):
        if self.process.poll() is None:
            self.stop()


def free_port():
    import socket
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(*command, **options):
    return subprocess.run([str(word) for word in command], check=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options).stdout


def photos():
    """Real photographs of Debian's wallpaper packages."""
    found = []
    for folder in ("/usr/share/backgrounds", "/usr/share/wallpapers"):
        found += [path for path in pathlib.Path(folder).rglob("*")
                  if path.suffix in (".jpg", ".png") and path.is_file() and not path.is_symlink()]
    return sorted(found)


def make_large_jpegs(folder, count):
    """12-megapixel JPEGs cut out of real photographs, each different."""
    folder.mkdir()
    sources = [path for path in photos() if path.suffix == ".jpg"] or photos()
    for index in range(count):
        source = sources[index % len(sources)]
        enlarged = folder / "enlarged.v"
        run("vipsthumbnail", source, "--size", f"{4400 + index}x{3300 + index}!", "-o", enlarged)
        run("vips", "crop", enlarged, f"{folder}/photo-{index:03}.jpg[Q=92,strip]", index % 300,
            index % 200, 4000, 3000)
        enlarged.unlink()


def time_vipsthumbnail(files, out):
    """Seconds that one single-threaded vipsthumbnail per core needs for the 720 px WebP alone."""
    cores = os.cpu_count()
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    environment = dict(os.environ, VIPS_CONCURRENCY="1")
    begin = time.monotonic()
    children = [subprocess.Popen(["vipsthumbnail", *map(str, files[core::cores]), "--size", "720x720",
                                  "-o", f"{out}/%s.webp"], env=environment,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                for core in range(cores)]
    for child in children:
        child.wait()
    return time.monotonic() - begin


@bench("ingest")
def bench_ingest(args, scratch):
    folder = scratch / "large"
    make_large_jpegs(folder, args.photos)
    files = sorted(folder.iterdir())
    ratios, rates, pillows = [], [], []
    for number in range(args.rounds):
        data = scratch / f"ingest-{number}"
        data.mkdir()
        peer = time_vipsthumbnail(files, scratch / "peer")
        pillow = bench_files.run_pillow(files, scratch / "pillow")
        with BenchHost(args, data, [folder]) as host:
            host.until("/health", lambda health: True)
            spent = host.until("/counts/posts.json", lambda answer: answer["counts"]["posts"] == len(files),
                              pause=0.02)
        ratios.append(peer / spent)
        pillows.append(pillow / spent if pillow else 0)
        rates.append(len(files) / spent)
        shutil.rmtree(data)
    yield f"{len(files)} JPEGs of 12 MP, from start of the host to the last one searchable", \
        "≥ 1.0 times vipsthumbnail's rate (720 px WebP alone)", \
        f"{statistics.median(rates):.1f} files/s, {statistics.median(ratios):.2f} times vipsthumbnail, " \
        f"{statistics.median(pillows):.2f} times Pillow"


@bench("png")
def bench_png(args, scratch):
    return bench_files.bench_png(args, scratch, BenchHost)


@bench("small")
def bench_small(args, scratch):
    return bench_files.bench_small(args, scratch, BenchHost)


@bench("slow")
def bench_slow_clients(args, scratch):
    return bench_slow.bench_slow(args, scratch, BenchHost)


@bench("latency")
def bench_latency(args, scratch):
    folder, library, data = scratch / "latency-source", scratch / "latency", scratch / "latency-data"
    make_large_jpegs(folder, 12)
    library.mkdir()
    data.mkdir()
    times = []
    with BenchHost(args, data, [library]) as host:
        host.until("/health", lambda health: health.get("status") == "ready")
        for number, source in enumerate(sorted(folder.iterdir()), 1):
            shutil.copyfile(source, library / source.name)
            host.started = time.monotonic()
            times.append(host.until("/posts.json?limit=1", lambda posts: posts and posts[0]["id"] >= number,
                                   pause=0.002))
            time.sleep(0.2)
    yield "file of 12 MP closed → in /posts.json", "≤ 150 ms", \
        f"median {statistics.median(times) * 1000:.0f} ms, worst {max(times) * 1000:.0f} ms"


def wrk(url, seconds=5, script=None):
    command = ["wrk", "-t2", "-c16", f"-d{seconds}s"] + (["-s", script] if script else []) + [url]
    output = run(*command)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
    if bad:
        sys.exit(f"{url}: {bad[1]} answers were errors")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])


def write_wrk_script(path, urls):
    quoted = ",".join(json.dumps(url) for url in urls)
    path.write_text(f"local u = {{{quoted}}}\nlocal i = 0\n"
                    "request = function() i = i % #u + 1 return wrk.format('GET', u[i]) end\n")
    return path


NGINX = """
daemon off; pid {scratch}/nginx.pid; error_log {scratch}/nginx.log; worker_processes 2;
events {{ worker_connections 512; }}
http {{
  include /etc/nginx/mime.types; access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
  client_body_temp_path {scratch}/n1; proxy_temp_path {scratch}/n2; fastcgi_temp_path {scratch}/n3;
  uwsgi_temp_path {scratch}/n4; scgi_temp_path {scratch}/n5;
  server {{ listen 127.0.0.1:{port}; root {data}; location / {{ expires max; }} }}
}}
"""


@contextlib.contextmanager
def nginx(scratch, data):
    port = free_port()
    configuration = scratch / "nginx.conf"
    configuration.write_text(("user root;" if os.getuid() == 0 else "")
                             + NGINX.format(scratch=scratch, data=data, port=port))
    process = subprocess.Popen(["nginx", "-c", configuration], stderr=subprocess.DEVNULL)
    try:
        time.sleep(0.5)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


@bench("thumbnails")
def bench_thumbnails(args, scratch):
    library, data = scratch / "thumbs-library", scratch / "thumbs-data"
    library.mkdir()
    data.mkdir()
    sources = photos()[:60]
    for number, source in enumerate(sources):
        shutil.copyfile(source, library / f"{number:03}{source.suffix}")
    ratios, rates = [], []
    with BenchHost(args, data, [library]) as host:
        host.until("/counts/posts.json", lambda answer: answer["counts"]["posts"] >= len(sources) - 2, 0.1)
        posts = host.ask("/posts.json?limit=60&only=preview_file_url")
        urls = [re.sub(r"^https?://[^/]+", "", post["preview_file_url"]) for post in posts]
        script = write_wrk_script(scratch / "thumbs.lua", urls)
        with nginx(scratch, data) as peer:
            for _ in range(args.rounds):
                ours = wrk(host.base, script=script)
                theirs = wrk(peer, script=script)
                ratios.append(ours / theirs)
                rates.append(ours)
    yield "thumbnail files, 2 workers", "≥ 60 % of nginx on the same files", \
        f"{statistics.median(rates):,.0f} req/s, {statistics.median(ratios) * 100:.0f} % of nginx"


def memory_of(pid):
    """Private memory in MB, as /proc says."""
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(int(kilobytes) for kilobytes in re.findall(r"Private_\w+:\s+(\d+)", text)) / 1024


MEMORY_BUDGET = "host 8, monitor 12, web worker 40 MB"


def memory_table(host):
    sizes = {}
    for pid, name in host.tree().items():
        with contextlib.suppress(OSError):
            sizes.setdefault(name, []).append(memory_of(pid))
    return ", ".join(f"{name} {max(values):.1f} MB" for name, values in sorted(sizes.items()))


@bench("million")
def bench_million(args, scratch):
    data = scratch / "million"
    data.mkdir()
    if args.database:
        shutil.copyfile(args.database, data / "booru.sqlite")
    else:
        print(run(pathlib.Path(args.build, "tests/bench/make-library"), data, 1000000), file=sys.stderr)
    starts = []
    for _ in range(args.rounds):
        with BenchHost(args, data) as host:
            starts.append(host.until("/posts.json?limit=1", bool, pause=0.001))
    yield "start to first answer at 1 M posts", "≤ 200 ms", f"{statistics.median(starts) * 1000:.0f} ms"

    with BenchHost(args, data) as host:
        host.until("/posts.json?limit=1", bool)
        tags = [tag["name"] for tag in host.ask("/tags.json?search[order]=count&limit=200")]
        pairs = [f"{tags[i]}+{tags[(i * 7 + 3) % len(tags)]}" for i in range(len(tags))]
        searches = write_wrk_script(scratch / "search.lua",
                                    [f"/posts.json?tags={tag}&limit=20" for tag in tags + pairs])
        gallery = write_wrk_script(scratch / "gallery.lua", [f"/posts?tags={tag}" for tag in tags + pairs])
        rates = [wrk(host.base, script=searches) for _ in range(args.rounds)]
        yield "/posts.json?tags=…&limit=20 at 1 M posts, 2 workers, 400 different searches", \
            "≥ 3,000 req/s", f"{statistics.median(rates):,.0f} req/s"
        rates = [wrk(host.base, script=gallery) for _ in range(args.rounds)]
        yield "/posts?tags=… at 1 M posts, 2 workers, 400 different searches", \
            "≥ 2,000 req/s", f"{statistics.median(rates):,.0f} req/s"
        yield "private memory after that load, largest of each kind", MEMORY_BUDGET, memory_table(host)


@bench("edits")
def bench_under_edits(args, scratch):
    data = scratch / "edits"
    data.mkdir()
    if args.database:
        shutil.copyfile(args.database, data / "booru.sqlite")
    else:
        run(pathlib.Path(args.build, "tests/bench/make-library"), data, 100000)
    return bench_edits.bench_edits(args, data, BenchHost)


@bench("idle")
def bench_idle(args, scratch):
    library, data = scratch / "idle-library", scratch / "idle-data"
    library.mkdir()
    data.mkdir()
    for number, source in enumerate(photos()[:40]):
        shutil.copyfile(source, library / f"{number:03}{source.suffix}")
    with BenchHost(args, data, [library], workers=4) as host:
        host.until("/counts/posts.json", lambda answer: answer["counts"]["posts"] >= 35, 0.1)
        time.sleep(30)
        before = wake_ups(host)
        time.sleep(30)
        yield "idle wake-ups, whole tree, 4 workers", "≤ 2 a second", \
            f"{(wake_ups(host) - before) / 30:.2f} a second"
        yield "private memory when idle, 4 workers", MEMORY_BUDGET, memory_table(host)


def wake_ups(host):
    """Voluntary context switches of all threads: each is a wake-up later."""
    total = 0
    for pid in host.tree():
        for status in pathlib.Path(f"/proc/{pid}/task").glob("*/status"):
            with contextlib.suppress(OSError):
                total += int(re.search(r"\nvoluntary_ctxt_switches:\s+(\d+)", status.read_text())[1])
    return total


@bench("orphans")
def bench_orphans(args, scratch):
    times = []
    for number in range(max(args.rounds, 3)):
        data = scratch / f"orphans-{number}"
        data.mkdir()
        with BenchHost(args, data, workers=4) as host:
            host.until("/health", lambda health: health.get("status") == "ready")
            children = [pid for pid in host.tree() if pid != host.process.pid]
            begin = time.monotonic()
            host.process.kill()
            while any(alive(pid) for pid in children) and time.monotonic() < begin + 10:
                time.sleep(0.0005)
            times.append(time.monotonic() - begin)
            host.process.wait()
    yield "host killed → no child left", "≤ 100 ms", f"worst of {len(times)}: {max(times) * 1000:.1f} ms"


def alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build", help="build folder, without sanitizers")
    parser.add_argument("--only", nargs="+", choices=sorted(BENCHES), default=list(BENCHES))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--photos", type=int, default=60, help="12 MP JPEGs to ingest")
    parser.add_argument("--pngs", type=int, default=1000, help="small PNGs to ingest")
    parser.add_argument("--files", type=int, default=100000, help="small pictures to ingest")
    parser.add_argument("--seconds", type=int, default=30, help="how long to ask beside slow clients")
    parser.add_argument("--database", help="a database of a million posts made by make-library before")
    args = parser.parse_args()

    print("| what | budget | measured |\n| --- | --- | --- |")
    with tempfile.TemporaryDirectory(prefix="booru-bench-") as folder:
        for name in args.only:
            for what, budget, figure in BENCHES[name](args, pathlib.Path(folder)):
                print(f"| {what} | {budget} | {figure} |", flush=True)


if __name__ == "__main__":
    main()
