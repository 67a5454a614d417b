#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Does with Pillow what the monitor does with a picture, in a process per core.

    pillow-peer.py OUT FILE...

md5 of the whole file; decoding, by JPEG's draft mode where that goes; WebP thumbnails of 720, 360 and
180 pixels, each written to OUT and fsynced. Prints the seconds that it took, without the start.
"""
import hashlib
import io
import multiprocessing
import os
import sys
import time

from PIL import Image, ImageOps

SIZES = (720, 360, 180)
QUALITY = 80


def write(path, data):
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.write(descriptor, data)
    os.fsync(descriptor)
    os.close(descriptor)


def ingest(job):
    out, path = job
    with open(path, "rb") as source:
        content = source.read()
    md5 = hashlib.md5(content).hexdigest()
    with Image.open(io.BytesIO(content)) as image:
        image.draft("RGB", (SIZES[0], SIZES[0]))
        picture = ImageOps.exif_transpose(image)
        if picture.mode not in ("RGB", "RGBA"):
            picture = picture.convert("RGB")
        for size in SIZES:
            picture.thumbnail((size, size), Image.Resampling.LANCZOS)
            encoded = io.BytesIO()
            picture.save(encoded, "WEBP", quality=QUALITY)
            write(f"{out}/{md5}-{size}.webp", encoded.getvalue())


def main():
    out, *files = sys.argv[1:]
    with multiprocessing.Pool() as pool:
        begin = time.monotonic()
        for _ in pool.imap_unordered(ingest, [(out, path) for path in files], 4):
            pass
        print(time.monotonic() - begin)


if __name__ == "__main__":
    main()
