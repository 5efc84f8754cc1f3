#!/usr/bin/env python3
"""Runs what the pages show: below each command of a ```console block stands what it prints.

    run_pages.py <qz> [page ...]     compare; QZ_ACCEPT=1 writes down what came out instead

A line that begins with "$ " is run by bash, the commands of a page one after another in one folder
that looks like a fresh tree; qz is at hand as build/release/qz. Output and error output stand as a
terminal would show them.
"""

import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
SECONDS = 120
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.S | re.M)


def prepare(qz, here):
    (here / "build/release").mkdir(parents=True)
    (here / "build/release/qz").symlink_to(qz)
    (here / "outputs").mkdir()
    (here / "inputs").mkdir()
    for sample in ("sample-one-boiler", "sample-city"):
        shutil.copytree(ROOT / "inputs" / sample, here / "inputs" / sample)
    for folder in ("factors", "docs"):
        (here / folder).symlink_to(ROOT / folder)


def printed(command, here):
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(here)}
    done = subprocess.run(["bash", "-c", "{ " + command + "; } 2>&1"], cwd=here, env=environment,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS)
    return done.stdout.decode("utf-8", "backslashreplace").rstrip("\n")


def as_it_is(text, here):
    """The page with what its commands print now."""

    def block(match):
        lines = []
        for command in (line for line in match[1].splitlines() if line.startswith("$ ")):
            out = printed(command[2:], here)
            lines += [command] + (out.split("\n") if out else [])
        return "```console\n" + "\n".join(lines) + "\n```"

    return BLOCK.sub(block, text)


def run(qz, page):
    text = page.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="page-") as scratch:
        here = pathlib.Path(scratch)
        prepare(qz, here)
        now = as_it_is(text, here)
    if now == text:
        return True
    if os.environ.get("QZ_ACCEPT") == "1":
        page.write_text(now, encoding="utf-8")
        return True
    name = page.relative_to(ROOT).as_posix()
    print("\n".join(difflib.unified_diff(text.splitlines(), now.splitlines(), name, name + " (printed now)",
                                         lineterm="")))
    return False


def main(arguments):
    pages = [pathlib.Path(p).resolve() for p in arguments[1:]] or sorted((ROOT / "docs").rglob("*.md"))
    good = [run(pathlib.Path(arguments[0]).resolve(), page) for page in pages]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
