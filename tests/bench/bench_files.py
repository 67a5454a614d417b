# SPDX-License-Identifier: LGPL-2.1-or-later
"""What bench.py measures of many small files: first index, memory, looking through again, PNGs."""
import contextlib
import pathlib
import re
import shutil
import statistics
import struct
import subprocess
import sys
import time
import zlib

PER_FOLDER = 1000


def write_bmp(path, number, width=8, height=8):
    """As small as a picture gets; no two are equal. The width is a multiple of 8."""
    pixels = struct.pack("<Q", number) * (width * height * 3 // 8)
    path.write_bytes(struct.pack("<2sIHHIIiiHHIIiiII", b"BM", 54 + len(pixels), 0, 0, 54, 40, width, height, 1, 24,
                                 0, len(pixels), 0, 0, 0, 0) + pixels)


def write_png(path, number, width=512, height=384):
    """Slopes; no two are equal."""
    red = bytes((x + number) & 255 for x in range(width))
    rows = b""
    for y in range(height):
        row = bytearray(3 * width)
        row[0::3], row[1::3], row[2::3] = red, bytes([(y * 2 + number // 256) & 255]) * width, \
            bytes((x ^ y) & 255 for x in range(width))
        rows += b"\0" + row

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
                     + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b""))


def write_icon(path, number):
    write_png(path, number, 64, 64)


def write_text(path, number):
    """A file that is no picture: it costs a row in the store, and a look at each walk."""
    path.write_text(f"{number}\n")


def fill(folder, first, count, write, suffix):
    for number in range(first, first + count):
        directory = folder / f"{number // PER_FOLDER:05}"
        directory.mkdir(parents=True, exist_ok=True)
        write(directory / f"{number}.{suffix}", number)


def memory_of(pid):
    """Private memory (USS) in MB, as /proc says, and what is dirty of it. The rest are mostly pages of
    the database's map that nobody else has looked at: the kernel takes them back when it likes."""
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    sizes = {kind: int(kilobytes) / 1024 for kind, kilobytes in re.findall(r"Private_(\w+):\s+(\d+)", text)}
    return sum(sizes.values()), sizes["Dirty"]


def pids_of(host, name):
    return [pid for pid, comm in host.tree().items() if comm == name]


def monitor_memory(host):
    with contextlib.suppress(OSError, IndexError):
        return memory_of(pids_of(host, "booru-monitor")[0])
    return 0, 0


def show(sizes):
    return "%.1f MB, %.1f of it dirty" % sizes


def scans_of(host, folder):
    """(files, new, seconds) of each scan of the folder that the log tells of."""
    found = re.findall(rf"Scanned {re.escape(str(folder))}: (\d+) files, (\d+) new, \d+ failed in ([\d.]+) s",
                       host.log())
    return [(int(files), int(new), float(seconds)) for files, new, seconds in found]


def await_scan(host, folder, count, patience):
    """Waits until the log tells of count scans; returns the last, and the monitor's largest size."""
    deadline = time.monotonic() + patience
    largest = 0, 0
    while time.monotonic() < deadline:
        largest = max(largest, monitor_memory(host))
        scans = scans_of(host, folder)
        if len(scans) >= count:
            return scans[-1], largest
        time.sleep(0.25)
    sys.exit(f"{folder} was not looked through within {patience} s; see {host.log_path}")


def await_idle(host):
    """The monitor's size when its decoders have gone, and how long that took."""
    begin = time.monotonic()
    while pids_of(host, "booru-decoder"):
        if time.monotonic() > begin + 120:
            sys.exit("decoders are still there after two minutes")
        time.sleep(0.25)
    return monitor_memory(host), time.monotonic() - begin


def bench_small(args, scratch, host_class):
    folder, data = scratch / "small", scratch / "small-data"
    data.mkdir()
    fill(folder, 0, args.files, write_bmp, "bmp")
    with host_class(args, data, [folder]) as host:
        (files, new, seconds), largest = await_scan(host, folder, 1, 3600)
        posts = host.count()
        idle, gone = await_idle(host)
    yield f"first index of {args.files:,} small BMPs: missed", "none", \
        f"{args.files - posts} ({files:,} seen, {new:,} new), {files / seconds:,.0f} files/s"
    yield "monitor's private memory meanwhile, largest", "≤ 60 MB", show(largest)
    yield "decoders gone, monitor's memory when idle", "≤ 12 MB", f"after {gone:.0f} s; {show(idle)}"

    fill(folder, args.files, 2 * args.files, write_text, "txt")
    with host_class(args, data, [folder]) as host:
        (files, new, seconds), largest = await_scan(host, folder, 2, 3600)
        idle, _ = await_idle(host)
    yield f"monitor's private memory while {2 * args.files:,} other files are added: largest, idle", \
        "≤ 60, ≤ 12 MB", f"{show(largest)}; {show(idle)} ({files / seconds:,.0f} files/s)"

    rates = []
    for number in range(args.rounds):
        with host_class(args, data, [folder]) as host:
            (files, new, seconds), largest = await_scan(host, folder, 3 + number, 600)
        rates.append(files / max(seconds, 0.1))
    yield f"{files:,} unchanged files looked through, warm, after a start", "≥ 200,000 files/s", \
        f"{max(rates):,.0f} files/s at best, {min(rates):,.0f} at worst; {show(largest)}"


def bench_png(args, scratch, host_class):
    """Small PNGs, in turn with Pillow."""
    for name, write in (("64 × 64", write_icon), ("512 × 384", write_png)):
        folder = scratch / f"png-{name}"
        fill(folder, 0, args.pngs, write, "png")
        files = sorted(folder.rglob("*.png"))
        rates, ratios = [], []
        for number in range(args.rounds):
            data = scratch / f"png-{name}-{number}"
            data.mkdir()
            pillow = run_pillow(files, scratch / "pillow")
            with host_class(args, data, [folder]) as host:
                host.until("/health", lambda health: True)
                spent = host.until("/counts/posts.json",
                                  lambda answer: answer["counts"]["posts"] == len(files), 0.02)
            rates.append(len(files) / spent)
            ratios.append(pillow / spent if pillow else 0)
        yield f"{len(files)} small PNGs ({name}), from start of the host to the last one searchable", \
            "≥ 300 files/s", f"{statistics.median(rates):,.0f} files/s, {statistics.median(ratios):.2f} times Pillow"


def run_pillow(files, out):
    """Seconds that tests/bench/pillow-peer.py needs, a process per core; None without Pillow."""
    peer = pathlib.Path(__file__).with_name("pillow-peer.py")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    result = subprocess.run(["/usr/bin/python3", peer, out, *map(str, files)], stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return float(result.stdout) if result.returncode == 0 else None
