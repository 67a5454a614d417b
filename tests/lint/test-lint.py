#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tests the linters: each rule is broken once, in a tree that is right otherwise."""
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
C = "/* SPDX-License-Identifier: LGPL-2.1-or-later */\n"
H = C + "#pragma once\n"

GOOD = {
    "core/booru.h": H + '#include "base/booru-a.h"\n#include "board/booru-post.h"\n',
    "core/base/booru-a.h": H + "#include <glib.h>\n",
    "core/base/booru-a.c": C + '#include "booru-a.h"\n\n#include <string.h>\n\n'
    + '/* A comment may say goto, exit (1) and strcpy (). */\nconst char *a = "exit (1); goto x";\n'
    + "int quit (void);\nint\nquit (void)\n{\n  loop->exit (1);\n  g_main_loop_quit (loop);\n}\n",
    "core/board/booru-post.h": H + '#include "base/booru-a.h"\n',
    "core/board/sqlite/booru-sqlite.c": C + '#include <sqlite3.h>\n#include "board/booru-post.h"\n',
    "core/plugin/booru-folders.h": H,
    "core/ipc/booru-ipc.h": H + '#include "booru-channel-generated.h"\n',
    "core/host/booru-host-main.c": C + '#include "ipc/booru-ipc.h"\n\nint x = exit (1);\n',
    "core/ctl/booru-ctl.c": C + '#include "booru-control-generated.h"\n\nint x = g_print ("x");\n',
    "plugins/web/web.c": C + '#include <booru.h>\n#include <libsoup/soup.h>\n#include "web.h"\n',
    "plugins/web/web.h": H + "#ifndef __SANITIZE_ADDRESS__\n#endif\n",
    "plugins/web/routes/route.c": C + '#include "web.h"\n#include <json-glib/json-glib.h>\n',
    "plugins/monitor/decoding/pool.c": C
    + '#include <booru.h>\n#include "decoder/reading/sniff.h"\n',
    "plugins/monitor/decoding/pool.h": H,
    "plugins/monitor/monitor.c": C + '#include <booru.h>\n',
    "plugins/monitor/decoder/reading/sniff.h": H + '#include "base/booru-a.h"\n',
    "plugins/monitor/decoder/pixels/vips.h": H
    + '#include <vips/vips.h>\n#include "decoder/reading/sniff.h"\n',
    "plugins/monitor/decoder/decode.c": C + '#include "decoder/pixels/vips.h"\n',
    "plugins/other/other.c": C + "#include <booru.h>\n",
    "tests/run": "#!/bin/sh\n# SPDX-License-Identifier: LGPL-2.1-or-later\n",
    "README.md": "# Title\n\ttab\n",
}

# (file, text or what is added to the good one, what the complaint says)
INCLUDES = [
    ("core/base/booru-b.c", C + '#include "plugin/booru-p.h"\n', "neither beside"),
    ("core/base/booru-b.c", C + '#include "board/booru-post.h"\n', "core/base may include nothing"),
    ("core/base/booru-b.c", C + "  #  include <sqlite3.h>\n", "core/board/sqlite only"),
    ("core/base/booru-b.c", C + "#include <json-glib/json-glib.h>\n", "only"),
    ("core/ipc/booru-b.h", H + '#include "booru-sqlite-resources.h"\n', "core/ipc may include"),
    ("core/host/booru-b.c", C + '#include "board/booru-post.h"\n', "core/host may include"),
    ("core/host/booru-b.c", C + "#include <booru.h>\n", "core/host may include"),
    ("core/host/rollout/b.c", C + '#include "plugin/booru-folders.h"\n', "is for plugins"),
    ("core/host/booru-b.c", C + "#include <libsoup/soup.h>\n", "plugins/web only"),
    ("core/host/booru-b.c", C + "#include <sqlite3.h>\n", "core/board/sqlite only"),
    ("core/board/booru-b.c", C + '#include "ipc/booru-ipc.h"\n', "core/board may include"),
    ("core/board/booru-b.c", C + "#include <sqlite3.h>\n", "core/board/sqlite only"),
    ("core/ctl/booru-b.c", C + '#include "ipc/booru-ipc.h"\n', "core/ctl may include"),
    ("core/new/booru-b.c", C, "no row"),
    ("core/booru.h", '#include "ipc/booru-ipc.h"\n', "core/booru.h may include"),
    ("plugins/web/web.c", '#include "base/booru-a.h"\n', "plugins/web may include"),
    ("plugins/web/web.c", '#include "../monitor/decoder/reading/sniff.h"\n', "plugins/web may include"),
    ("plugins/web/web.c", "#include <sqlite3.h>\n", "core/board/sqlite only"),
    ("plugins/web/web.c", "#include <vips/vips.h>\n", "plugins/monitor/decoder/pixels and"),
    ("plugins/monitor/monitor.c", '#include "../web/web.h"\n', "plugins/monitor may include"),
    ("plugins/monitor/files/b.c", C + '#include "decoding/pool.h"\n', "monitor/files may include"),
    ("plugins/monitor/files/b.c", C + '#include "decoder/pixels/vips.h"\n', "monitor/files may include"),
    ("plugins/monitor/monitor.c", "#include <vips/vips.h>\n", "plugins/monitor/decoder/pixels and"),
    ("plugins/monitor/decoder/reading/a.c", C + '#include "decoder/pixels/vips.h"\n',
     "reading may include core/base"),
    ("plugins/monitor/decoder/reading/a.c", C + "#include <vips/vips.h>\n", "only"),
    ("plugins/monitor/decoder/decode.c", "#include <booru.h>\n", "may include core/base"),
    ("plugins/monitor/decoder/decode.c", '#include "board/booru-post.h"\n', "may include core/base"),
    ("plugins/other/other.c", '#include "../web/web.h"\n', "plugins/other may include"),
    ("plugins/other/other.c", "#include <libsoup/soup.h>\n", "plugins/web only"),
]

BOX = "/**\n * BooruBox:\n * @size: its size\n *\n * A box.\n */\n"
A = "#include <glib.h>\n"

DOCS = [
    ("core/base/booru-a.h", H + A + "int booru_a (void);\n", "booru_a is not documented"),
    ("core/base/booru-a.h", H + A + "char *\nbooru_a (int b);\n", "booru_a is not documented"),
    ("core/base/booru-a.h", H + A + "/* A. */\nint booru_a (void);\n", "booru_a is not documented"),
    ("core/base/booru-a.h", H + A + "static inline void\nbooru_a (void)\n{\n}\n", "booru_a is not"),
    ("core/base/booru-a.h", H + A + "/**\n * booru_b:\n */\nvoid booru_a (void);\n", "booru_a is not"),
    ("core/base/booru-a.h", H + A + "/**\n * booru_a:\n */\nint booru_a (void);\n", "returns"),
    ("core/base/booru-a.h", H + A + "/**\n * booru_a:\n */\nvoid booru_a (char *b);\n", "@b is not"),
    ("core/base/booru-a.h", H + A + "/**\n * booru_a:\n * @b: b\n */\nvoid booru_a (void);\n", "no @b"),
    ("core/base/booru-a.h", H + A + "typedef struct\n{\n  int size;\n} BooruBox;\n", "BooruBox is not"),
    ("core/base/booru-a.h", H + A + "typedef struct _BooruBox BooruBox;\n", "BooruBox is not"),
    ("core/base/booru-a.h", H + A + BOX.replace("size", "A")
     + "typedef enum\n{\n  A,\n  B,\n} BooruBox;\n", "@B is not documented"),
    ("core/base/booru-a.h", H + A + "typedef int (*BooruFunc) (int a,\n  int b);\n", "BooruFunc is not"),
    ("core/base/booru-a.h", H + A + "#define BOORU_A 1\n", "BOORU_A is not documented"),
    ("core/base/booru-a.h", H + A + "/* A. */\n#define BOORU_A 1\n\n#define BOORU_B 1\n", "BOORU_B"),
    ("core/base/booru-a.h", H + A + "#define BOORU_TYPE_A (booru_a_get_type ())\n"
     "G_DECLARE_FINAL_TYPE (BooruA, booru_a, BOORU, A, GObject)\n", "BooruA is not documented"),
]

SOURCE = [
    ("core/base/booru-b.c", "int b;\n", "licence"),
    ("core/base/booru-b.c", "\n" + C, "licence"),
    ("tests/lint.py", "import x\n", "licence"),
    ("tests/script", "#!/bin/sh\ntrue\n", "licence"),
    ("data/x.xml", "<?xml version='1.0'?>\n<x/>\n", "licence"),
    ("core/meson.build", "x = 1\n", "licence"),
    ("core/base/booru-b.h", C + "int b;\n", "#pragma once"),
    ("core/base/booru-b.h", H + "#ifndef __B_H__\n", "reserved"),
    ("core/base/booru-b.h", H + "#define _B_H\n", "reserved"),
    ("core/base/booru-b.c", C + "\tint b;\n", "a tab"),
    ("core/base/booru-b.c", C + "int b; \n", "blanks"),
    ("core/base/booru-b.c", C + "int b;\r\n", "blanks"),
    ("README.md", "text \n", "blanks"),
    ("core/base/booru-b.c", C + "int b;", "does not end"),
    ("core/base/booru-b.c", C + "int b;\n\n", "empty lines"),
    ("core/base/booru-b.c", C + "int " + "b" * 100 + ";\n", "100 columns"),
    ("core/base/booru-b.c", C + "int b;\n" * 700, "700 lines"),
    ("core/base/booru-b.c", C + "int\nb (void)\n{\n" + "  b ();\n" * 91 + "}\n", "90 lines"),
    ("core/base/booru-b.c", C + "  goto out;\n", "goto"),
    ("core/base/booru-b.c", C + "  strcpy (a, b);\n", "strcpy()"),
    ("core/base/booru-b.c", C + "  sprintf(a, b);\n", "sprintf()"),
    ("core/base/booru-b.c", C + "  n = system (a);\n", "system()"),
    ("core/base/booru-b.c", C + '  "goto"; strtok (a);\n', "strtok()"),
    ("core/base/booru-b.c", C + '  g_print ("x");\n', "g_print()"),
    ("plugins/web/b.c", C + '  printf ("x");\n', "printf()"),
    ("core/base/booru-b.c", C + "  exit (1);\n", "exit()"),
    ("core/base/booru-b.c", C + "/* TODO */\n", "unfinished"),
    ("core/base/booru-b.c", b"/* \xff */\n", "UTF-8"),
]

# Sources by library or program, and what check-circles says of them: a line each.
CIRCLES = [
    ({"a": {"core/a.c": "void b (void); void a (void) { b (); }", "core/b.c": "void b (void) {}"}},
     []),
    ({"a": {"core/a.c": "void b (void); void a (void) { b (); }",
            "core/b.c": "void a (void); void b (void) { a (); }"}},
     ["2 files in a circle: core/a.c needs b of core/b.c needs a of core/a.c"]),
    # Of three, one in another library, and by a variable.
    ({"a": {"core/a.c": "extern int b; int a (void) { return b; }",
            "core/b.c": "void c (void); int b; void d (void) { c (); }"},
      "c": {"plugins/c.c": "int a (void); void c (void) { a (); }"}},
     ["3 files in a circle: core/a.c needs b of core/b.c needs c of plugins/c.c needs a of core/a.c"]),
    # Two rings are two lines.
    ({"a": {"core/a.c": "void b (void); void c (void); void a (void) { b (); c (); }",
            "core/b.c": "void a (void); void b (void) { a (); }",
            "core/c.c": "void a (void); void c (void) { a (); }"}},
     ["2 files in a circle: core/a.c needs b of core/b.c needs a of core/a.c",
      "2 files in a circle: core/c.c needs a of core/a.c needs c of core/c.c"]),
    # Each program has its own main().
    ({"a": {"core/a.c": "int main (void) { return 0; }", "core/b.c": "int main (void);"
            "int b (void) { return main (); }"},
      "c": {"core/c.c": "int b (void); int main (void) { return b (); }"}}, []),
    # What the build makes, and the tests.
    ({"a": {"core/a.c": "void b (void); void a (void) { b (); }",
            "build/core/b.c": "void a (void); void b (void) { a (); }",
            "tests/b.c": "void a (void); void b (void) { a (); }"}}, []),
    ({"still": {"plugins/a.c": "void b (void); void a (void) { b (); }",
               "plugins/b.c": "void a (void); void b (void) { a (); }"}}, []),
    ({"still": {"plugins/a.c": "void a (void) {}"}},
     ["still has no circles any more: remove it from the list in tests/lint/meson.build"]),
]


def write(top, name, contents):
    path = top / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(contents if isinstance(contents, bytes) else contents.encode())


def run(checker, name=None, contents=None):
    """What a checker prints about the good tree with one file replaced or grown, and its code."""
    with tempfile.TemporaryDirectory() as folder:
        top = pathlib.Path(folder)
        for path, text in GOOD.items():
            write(top, path, text)
        if name:
            grown = isinstance(contents, str) and contents.startswith("#include") and name in GOOD
            write(top, name, GOOD[name] + contents if grown else contents)
        result = subprocess.run([sys.executable, HERE / checker, top], capture_output=True, text=True)
        return result.returncode, result.stdout + result.stderr


def run_circles(libraries):
    """What check-circles prints about a build of these libraries, and its code."""
    with tempfile.TemporaryDirectory() as folder:
        top = pathlib.Path(folder)
        build = top / "build"
        commands = []
        for library, sources in libraries.items():
            (build / f"{library}.p").mkdir(parents=True)
            for name, text in sources.items():
                write(top, name, text)
                made = f"{library}.p/{name.replace('/', '_')}.o"
                subprocess.run(["cc", "-c", "-o", build / made, top / name], check=True)
                commands.append({"file": f"../{name}", "output": made})
        write(top, "build/compile_commands.json", json.dumps(commands))
        result = subprocess.run([sys.executable, HERE / "check-circles", build, top, "still"],
                                capture_output=True, text=True)
        return result.returncode, (result.stdout + result.stderr).splitlines()


def main():
    cases = [("check-includes", *case) for case in INCLUDES]
    cases += [("check-source", *case) for case in SOURCE]
    cases += [("check-docs", *case) for case in DOCS] + [("check-docs", None, None, "")]
    cases += [("check-includes", None, None, ""), ("check-source", None, None, "")]
    failed = 0
    print(f"1..{len(cases) + len(CIRCLES)}")
    for number, (checker, name, contents, expected) in enumerate(cases, 1):
        code, output = run(checker, name, contents)
        lines = output.splitlines()
        if name:
            good = code == 1 and len(lines) == 1 and lines[0].startswith(name) and expected in output
        else:
            good = code == 0 and not lines
        failed += not good
        print(f"{'ok' if good else 'not ok'} {number} {checker} {name or 'good'} {expected}")
        if not good:
            print("\n".join(f"# {line}" for line in [f"exit code {code}", *lines]))
    for number, (libraries, expected) in enumerate(CIRCLES, len(cases) + 1):
        code, lines = run_circles(libraries)
        good = (code, lines) == (1 if expected else 0, expected)
        failed += not good
        print(f"{'ok' if good else 'not ok'} {number} check-circles {expected}")
        if not good:
            print("\n".join(f"# {line}" for line in [f"exit code {code}", *lines]))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
