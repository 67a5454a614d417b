# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes files that mean harm, or that accidents have made: several hundred of them.

    hostile_files.make(folder)      returns how many

Small real files of each format are made with vips and ffmpeg, where they can write it; everything
else is derived from these, by a generator with a fixed seed, so that each run sees the same files.
"""
import gzip
import os
import random
import struct
import subprocess
import zipfile
import zlib

SECRET = "/etc/passwd"
SCRIPT = b"<script>alert(document.domain)</script>"
VIPS_SUFFIXES = ["jpg", "png", "gif", "webp", "avif", "heic", "jxl", "tif"]
VIDEO_SUFFIXES = ["mp4", "mov", "webm", "mkv"]
XML = b'<?xml version="1.0"?>\n'
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '


class Folder:
    """Writes each file under a name of its own."""

    def __init__(self, path):
        self.path = os.fsencode(path)
        self.count = 0

    def add(self, name, content):
        if isinstance(name, str):
            name = os.fsencode(name)
        with open(os.path.join(self.path, name), "xb") as file:
            file.write(content)
        self.count += 1


def run(*command):
    return (
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
        == 0
    )


def make_seeds(scratch):
    """One good file of each format that can be written here: suffix -> bytes."""
    seeds = {}
    picture = os.path.join(scratch, "seed.v")
    run("vips", "perlin", picture, "96", "64", "--uchar")
    for suffix in VIPS_SUFFIXES:
        path = os.path.join(scratch, "seed." + suffix)
        if run("vips", "copy", picture, path):
            seeds[suffix] = open(path, "rb").read()
    for suffix in VIDEO_SUFFIXES:
        path = os.path.join(scratch, "seed-video." + suffix)
        codec = ["-c:v", "libvpx"] if suffix == "webm" else []
        if run(
            "ffmpeg",
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            "testsrc=size=64x48:rate=5:duration=1",
            *codec,
            "-pix_fmt",
            "yuv420p",
            path,
        ):
            seeds[suffix] = open(path, "rb").read()
    seeds["bmp"] = bmp(24, 16, 24, bytes(range(256)) * 5)
    seeds["svg"] = XML + SVG + b'width="9" height="9"><rect width="5" height="5"/></svg>'
    return seeds


def bmp(width, height, bits, pixels, declared=None):
    width, height = declared or (width, height)
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54 + len(pixels), 0, 0, 54) + header + pixels


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, rows=b"", extra=b"", depth=8, colour=2):
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + extra
        + chunk(b"IDAT", zlib.compress(rows, 9))
        + chunk(b"IEND", b"")
    )


def gif(width, height, frames):
    frame = b"\x21\xf9\x04\0\x01\0\0\0\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0)
    return (
        b"GIF89a"
        + struct.pack("<HHBBB", width, height, 0x80, 0, 0)
        + b"\0\0\0\xff\xff\xff"
        + (frame + b"\x02\x02\x44\x01\0") * frames
        + b"\x3b"
    )


def damage(folder, seeds, rng):
    """Cut, flipped, emptied, overwritten, mislabelled."""
    for suffix, seed in seeds.items():
        for part in (1, 5, 20, 50, 80, 99):
            folder.add(f"cut-{part}.{suffix}", seed[: len(seed) * part // 100])
        for i in range(14):
            flipped = bytearray(seed)
            for _ in range(1 + i):
                flipped[rng.randrange(min(len(seed), 64 << i % 8))] ^= 1 << rng.randrange(8)
            folder.add(f"flipped-{i}.{suffix}", bytes(flipped))
        half = len(seed) // 2
        folder.add(f"zeros-behind.{suffix}", seed[:half] + bytes(len(seed) - half))
        folder.add(f"ones-behind.{suffix}", seed[:half] + b"\xff" * (len(seed) - half))
        folder.add(f"twice.{suffix}", seed + seed)
        folder.add(f"noise-inside.{suffix}", seed[:half] + rng.randbytes(999) + seed[half:])
        for other in ("jpg", "png", "svg", "mp4", "gif"):
            if other != suffix:
                folder.add(f"{suffix}-named-so.{other}", seed + suffix.encode() + other.encode())


def polyglots(folder, seeds, scratch):
    """Pictures that are something else too."""
    archive = os.path.join(scratch, "page.zip")
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr("index.html", SCRIPT)
    zipped = open(archive, "rb").read()
    for suffix, seed in seeds.items():
        folder.add(f"page-behind.{suffix}", seed + b"\n<html><body>" + SCRIPT + b"</body></html>")
        folder.add(f"zip-behind.{suffix}", seed + zipped)
        folder.add(f"program-behind.{suffix}", seed + b"<?php system($_GET['c']); ?>")
    folder.add("script.gif", b"GIF89a/*" + gif(1, 1, 1)[8:] + b"*/=1;alert(1)//")
    folder.add("page.jpg", b"<html><body>" + SCRIPT + b"</body></html>")
    folder.add("page.png", b"<!DOCTYPE html>" + SCRIPT)
    folder.add("document.jpg", b"%PDF-1.4\n1 0 obj<</S/JavaScript/JS(app.alert(1))>>endobj")
    folder.add("comment.jpg", b"\xff\xd8\xff\xfe\x00\x2b" + SCRIPT + b"\xff\xd9")
    folder.add("text.png", png(1, 1, b"\0\0\0\0", chunk(b"tEXt", b"Comment\0" + SCRIPT)))
    folder.add("program.jpg", b"\x7fELF\x02\x01\x01" + bytes(4000))
    folder.add("shortcut.png", b"[InternetShortcut]\nURL=javascript:alert(1)\n")
    folder.add("magick.png", b"push graphic-context\nimage over 0,0 0,0 'ephemeral:/etc/passwd'\n")
    folder.add(
        "playlist.mp4",
        b"#EXTM3U\n#EXTINF:10,\nconcat:http://127.0.0.1:9/|file://" + SECRET.encode(),
    )
    folder.add("ffconcat.mkv", b"ffconcat version 1.0\nfile " + SECRET.encode() + b"\n")


def bombs(folder):
    """Small on the disk, enormous in memory or time; or so they say."""
    folder.add("bomb.png", png(6000, 6000, bytes(6000 * (1 + 3 * 6000))))
    folder.add("bomb-refused.png", png(30000, 30000, bytes(40 << 20)))
    for width, height in (
        (65535, 65535),
        (2**31 - 1, 2**31 - 1),
        (0, 0),
        (1, 2**31 - 1),
        (2**32 - 1, 7),
    ):
        folder.add(f"claims-{width}x{height}.png", png(width, height, b"\0"))
        folder.add(
            f"claims-{width}x{height}.bmp",
            bmp(1, 1, 24, b"\0\0\0", (width % 2**31, height % 2**31)),
        )
    for depth, colour in ((16, 6), (1, 0), (8, 3), (99, 2), (8, 77)):
        folder.add(
            f"depth-{depth}-{colour}.png",
            png(20000, 20000, b"\0" * 99, depth=depth, colour=colour),
        )
    for frames in (1, 2, 5000):
        folder.add(f"screen-{frames}.gif", gif(65535, 65535, frames))
    folder.add("frames.gif", gif(2, 2, 200000))
    folder.add(
        "text-bomb.png",
        png(1, 1, b"\0\0\0\0", chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(50 << 20), 9))),
    )
    folder.add(
        "profile-bomb.png",
        png(1, 1, b"\0\0\0\0", chunk(b"iCCP", b"icc\0\0" + zlib.compress(bytes(50 << 20), 9))),
    )
    for i, size in enumerate((b"\xff\xff\xff\xff\xff\xff", b"\0\0\0\0\0\0")):
        vp8x = b"VP8X\x0a\0\0\0\x12\0\0\0" + size
        folder.add(f"canvas-{i}.webp", b"RIFF" + struct.pack("<I", 4 + len(vp8x)) + b"WEBP" + vp8x)
    sof = b"\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01"
    folder.add(
        "claims.jpg",
        sof
        + b"\xff\xda\x00\x0c\x03\x01\x00\x02\x11\x03\x11\x00\x3f\x00"
        + bytes(999)
        + b"\xff\xd9",
    )
    progressive = sof.replace(b"\xff\xc0", b"\xff\xc2")
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x00\x10" + bytes(2)
    folder.add("scans.jpg", progressive + scan * 100000 + b"\xff\xd9")
    ifd = [
        (256, 4, 1, 2**31),
        (257, 4, 1, 2**31),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (273, 4, 1, 8),
        (277, 3, 1, 3),
    ]
    body = struct.pack("<H", len(ifd)) + b"".join(struct.pack("<HHII", *entry) for entry in ifd)
    folder.add("claims.tif", b"II*\0\x08\0\0\0" + body + bytes(4))
    folder.add("loop.tif", b"II*\0\x08\0\0\0" + body + struct.pack("<I", 8))
    folder.add("zeros.jpg", bytes(1 << 20))
    folder.add("zeros.mp4", b"\0\0\0\x18ftypisom" + bytes(1 << 20))
    folder.add("boxes.mp4", b"\0\0\0\x18ftypisom\0\0\0\0isomiso2" + b"\0\0\0\x08moov" * 100000)
    folder.add("endless.mkv", b"\x1a\x45\xdf\xa3" + b"\x01\xff\xff\xff\xff\xff\xff\xff" * 1000)
    folder.add("brand.avif", b"\0\0\0\x20ftypavif" + bytes(20) + b"\xff" * 4000)


def svgs(folder):
    lol = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    documents = {
        "entity": f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file://{SECRET}">]>'
        "<svg xmlns='http://www.w3.org/2000/svg'><text>&x;</text></svg>",
        "remote-entity": '<!DOCTYPE svg SYSTEM "http://127.0.0.1:9/x.dtd">'
        '<svg xmlns="http://www.w3.org/2000/svg"/>',
        "laughs": f'<!DOCTYPE svg [<!ENTITY l0 "lol">{lol}]>'
        '<svg xmlns="http://www.w3.org/2000/svg"><text>&l9;</text></svg>',
        "unclosed": '<svg xmlns="http://www.w3.org/2000/svg"><g><g>',
        "two-roots": '<svg xmlns="http://www.w3.org/2000/svg"/><svg/>',
    }
    for name, text in documents.items():
        folder.add(f"{name}.svg", XML + text.encode())
    bodies = {
        "script": b"<script>alert(1)</script><rect width='5' height='5'/>",
        "onload": b"<g onload='alert(1)'><rect width='5' height='5'/></g>",
        "page": b"<foreignObject width='9' height='9'><body xmlns='http://www.w3.org/1999/xhtml'>"
        + SCRIPT
        + b"</body></foreignObject>",
        "file": b"<image width='9' height='9' xlink:href='file://" + SECRET.encode() + b"'/>",
        "remote": b"<image width='9' height='9' xlink:href='http://127.0.0.1:9/x.png'/>",
        "style": b"<style>@import url('http://127.0.0.1:9/x.css');"
        b"rect{fill:url(file:///etc/passwd)}</style><rect width='5' height='5'/>",
        "itself": b"<image width='9' height='9' xlink:href='itself.svg'/>",
        "use-loop": b"<g id='a'><use xlink:href='#b'/></g><g id='b'><use xlink:href='#a'/></g>",
        "deep": b"<g>" * 60000 + b"</g>" * 60000,
        "filter": b"<filter id='f'><feGaussianBlur stdDeviation='100000'/>"
        b"<feTurbulence numOctaves='99999'/></filter>"
        b"<rect width='9' height='9' filter='url(#f)'/>",
        "pattern": b"<pattern id='p' width='.0001' height='.0001'>"
        b"<rect width='9' height='9' fill='url(#p)'/></pattern>"
        b"<rect width='9' height='9' fill='url(#p)'/>",
        "path": b"<path d='M0 0" + b" L9 9 0 9" * 90000 + b"'/>",
        "data": b"<image width='9' height='9' xlink:href='data:image/svg+xml;base64,PHN2Zz4='/>",
        "numbers": b"<rect width='1e308' height='-1e308' x='nan' y='inf'/>",
    }
    uses = b"".join(
        b"<g id='u%d'>" % i + b"<use xlink:href='#u%d'/>" % (i - 1) * 10 + b"</g>"
        for i in range(1, 12)
    )
    bodies["use-bomb"] = b"<g id='u0'><rect width='1' height='1'/></g>" + uses
    for name, body in bodies.items():
        folder.add(f"{name}.svg", XML + SVG + b'width="9" height="9">' + body + b"</svg>")
    for i, size in enumerate(
        (
            b'width="99999999" height="99999999"',
            b'width="1e30" height="1e30"',
            b'width="-5" height="-5"',
            b'viewBox="0 0 1e9 1e9"',
            b'viewBox="0 0 0 0"',
            b'width="100%" height="100%"',
            b"",
        )
    ):
        folder.add(f"size-{i}.svg", XML + SVG + size + b"><rect width='5' height='5'/></svg>")
    folder.add(
        "bomb.svgz",
        gzip.compress(XML + SVG + b'width="9" height="9">' + b" " * (50 << 20) + b"</svg>"),
    )
    folder.add("nested.svgz", gzip.compress(gzip.compress(XML + SVG + b"/>")))
    good = gzip.compress(XML + SVG + b'width="9" height="9"><rect width="5" height="5"/></svg>')
    folder.add("cut.svgz", good[:-9])
    folder.add("page-behind.svgz", good + SCRIPT)
    folder.add("members.svgz", good + gzip.compress(SCRIPT))
    folder.add("page-inside.svgz", gzip.compress(b"<html><body>" + SCRIPT + b"</body></html>"))
    folder.add("archive.svgz", gzip.compress(bytes(10 << 20)))
    folder.add(
        "script.svgz", gzip.compress(XML + SVG + b'width="9" height="9">' + SCRIPT + b"</svg>")
    )


def sidecars(folder, seed):
    """Beside pictures that are good, and read outside of the sandbox."""
    rdf = b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
    rdf += b"xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:subject>"
    end = b"</dc:subject></rdf:RDF>"
    lol = b"".join(b"<!ENTITY l%d '%s'>" % (i, b"&l%d;" % (i - 1) * 10) for i in range(1, 10))
    texts = {
        "laughs.xmp": b"<!DOCTYPE x [<!ENTITY l0 'lol'>" + lol + b"]>" + rdf + b"&l9;" + end,
        "outside.xmp": b"<!DOCTYPE x [<!ENTITY x SYSTEM 'file://"
        + SECRET.encode()
        + b"'>]>"
        + rdf
        + b"&x;"
        + end,
        "deep.xmp": rdf + b"<a>" * 300000,
        "large.xmp": rdf + b"x" * (2 << 20) + end,
        "script.xmp": rdf + b"&lt;script&gt;alert(1)&lt;/script&gt;" + end,
        "page.xmp": b"<html><body>" + SCRIPT + b"</body></html>",
        "bytes.xmp": bytes(range(256)) * 99,
        "deep.json": b'{"tags":' * 100000,
        "frames.json": b'{"category": "pixiv", "frames": ['
        + b'{"file": "0.jpg"},' * 50000
        + b"0]}",
        "script.json": b'{"tags": ["<script>alert(1)</script>"], "source": "javascript:alert(1)"}',
    }
    for i, (name, text) in enumerate(texts.items()):
        stem, suffix = name.split(".")
        folder.add(f"beside-{stem}-{i}.jpg", seed + b"beside %d" % i)
        folder.add(f"beside-{stem}-{i}.jpg.{suffix}", text)


def names(folder, seed):
    """Good content, of which each is another, under names that programs stumble over."""
    odd = [
        "<script>alert(1)</script>".replace("/", "\u2215") + ".jpg",
        '"><img src=x onerror=alert(1)>.jpg',
        "'; DROP TABLE posts; --.jpg",
        "-rf.jpg",
        "--help.jpg",
        " leading.jpg",
        "trailing.jpg ",
        "%00.jpg",
        "%2e%2e%2fpasswd.jpg",
        "a\nb.jpg",
        "a\tb.jpg",
        "a\rb.jpg",
        "\u202egpj.exe.jpg",
        "\U0001f5bc\ufe0f.jpg",
        "e\u0301.jpg",
        "\u00e9.jpg",
        "CON.jpg",
        "a:b.jpg",
        "a\\b.jpg",
        "$(reboot).jpg",
        "`reboot`.jpg",
        "a;b.jpg",
        "{{x}}.jpg",
        "{% x %}.jpg",
        "%s%n.jpg",
        "..jpg",
        "...",
        "jpg",
        "no-suffix",
        "x" * 251 + ".jpg",
        "\u00e4" * 125 + ".jpg",
        "UPPER.JPG",
        "upper.jpg",
        "Upper.jpg",
        "#hash?query&x=1.jpg",
        "*.jpg",
        "[a-z].jpg",
        "|cat.jpg",
        "\x7f\x01.jpg",
    ]
    for i, name in enumerate(
        [os.fsencode(name) for name in odd]
        + [b"\xff\xfe.jpg", b"\xc3\x28.jpg", b"caf\xe9.jpg", b"\xed\xa0\x80.jpg"]
    ):
        folder.add(name, seed + b"%d" % i)


def oddities(folder, rng):
    folder.add("empty.jpg", b"")
    folder.add("one.jpg", b"\xff")
    for suffix, head in (
        ("jpg", b"\xff\xd8\xff"),
        ("png", b"\x89PNG\r\n\x1a\n"),
        ("gif", b"GIF89a"),
        ("webp", b"RIFF\xff\xff\xff\xffWEBP"),
        ("bmp", b"BM"),
        ("tif", b"II*\0"),
        ("tif", b"MM\0*"),
        ("jxl", b"\xff\x0a"),
        ("mkv", b"\x1a\x45\xdf\xa3"),
        ("mp4", b"\0\0\0\x18ftypmp42"),
        ("heic", b"\0\0\0\x18ftypheic"),
        ("avif", b"\0\0\0\x18ftypavif"),
        ("svg", b"<svg"),
    ):
        for i in range(4):
            folder.add(
                f"head-{i}-{head[:2].hex()}.{suffix}", head + rng.randbytes((0, 10, 500, 20000)[i])
            )
    for i in range(20):
        folder.add(f"noise-{i}.{('jpg', 'png', 'webm', 'heic')[i % 4]}", rng.randbytes(1 << i % 14))
    for i, text in enumerate(
        (b"hello\n", b"{}", b"\xef\xbb\xbf", b"BM is a car maker", b"%!PS-Adobe", b"\0" * 5)
    ):
        folder.add(f"plain-{i}.jpg", text)


def make(folder_path, scratch):
    rng = random.Random(4)
    folder = Folder(folder_path)
    seeds = make_seeds(scratch)
    damage(folder, seeds, rng)
    polyglots(folder, seeds, scratch)
    bombs(folder)
    svgs(folder)
    sidecars(folder, seeds.get("jpg", seeds["bmp"]))
    names(folder, seeds.get("jpg", seeds["bmp"]))
    oddities(folder, rng)
    return folder.count
