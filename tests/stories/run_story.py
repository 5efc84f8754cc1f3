#!/usr/bin/env python3
"""Runs one story: a folder with the command line and everything that must come of it.

    run_story.py <qz> <folder>

    command   lines for bash, run in an empty folder; `qz` is the program under test
    stdout    what must stand there, exactly (absent: nothing)
    stderr    the same
    exit      the exit code (absent: 0)
    files/    files that must be there afterwards, byte for byte
    make      lines for bash that prepare what cannot be kept in the tree; exit 77 skips the story
    others    are copied beside the command first

The repository's inputs/, factors/ and docs/ are at hand under these names. A command that ends with
2 or 3 must leave nothing behind. QZ_ACCEPT=1 writes down what came out instead of comparing.
"""

import difflib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
KEPT = {"command", "stdout", "stderr", "exit", "files", "make"}
SECONDS = 120
SKIPPED = 77
SHARED = ("inputs", "factors", "docs", "tests")


def environment(qz, here):
    out = {k: v for k, v in os.environ.items() if k in ("LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS")}
    out.update(PATH=f"{qz.parent}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", LC_ALL="C.UTF-8",
               HOME=str(here), SOURCE=str(ROOT))
    return out


def prepare(folder, here):
    for shared in SHARED:
        (here / shared).symlink_to(ROOT / shared)
    for item in folder.iterdir():
        if item.name in KEPT:
            continue
        target = here / item.name
        if target.is_symlink():
            target.unlink()
        if item.is_dir():
            shutil.copytree(item, target, symlinks=True)
        else:
            shutil.copy2(item, target)


def bash(script, qz, here):
    return subprocess.run(["bash", str(script)], cwd=here, env=environment(qz, here), timeout=SECONDS,
                          stdin=subprocess.DEVNULL, capture_output=True)


def tree(here):
    """Every file below, without following links."""
    out = set()
    for folder, _, names in os.walk(here):
        out |= {os.path.relpath(os.path.join(folder, n), here) for n in names}
    return out


def readable(raw, here):
    return raw.decode("utf-8", "backslashreplace").replace(str(here), "<here>").replace(str(ROOT), "<source>")


def accept(folder, seen, here):
    for name in ("stdout", "stderr", "exit"):
        path = folder / name
        if seen[name] and not (name == "exit" and seen[name] == "0\n"):
            path.write_text(seen[name], encoding="utf-8")
        elif path.exists():
            path.unlink()
    for path in sorted((folder / "files").rglob("*")):
        made = here / path.relative_to(folder / "files")
        if path.is_file() and made.is_file():
            shutil.copyfile(made, path)


def expected(folder, name):
    path = folder / name
    return path.read_text(encoding="utf-8") if path.exists() else ("0\n" if name == "exit" else "")


def compare(folder, seen, here, new_files):
    problems = []
    for name in ("exit", "stdout", "stderr"):
        want = expected(folder, name)
        if seen[name] != want:
            diff = difflib.unified_diff(want.splitlines(), seen[name].splitlines(), f"{name} expected",
                                        f"{name} seen", lineterm="")
            problems.append("\n".join(diff) or f"{name}: differs in its last line break")
    for path in sorted((folder / "files").rglob("*")):
        if not path.is_file():
            continue
        relative = path.relative_to(folder / "files")
        made = here / relative
        if not made.is_file():
            problems.append(f"{relative}: was not written")
        elif made.read_bytes() != path.read_bytes():
            problems.append(f"{relative}: other bytes than files/{relative}")
    if seen["exit"] in ("2\n", "3\n") and new_files:
        problems.append(f"refused, yet left behind: {', '.join(sorted(new_files))}")
    return problems


def run(qz, folder):
    with tempfile.TemporaryDirectory(prefix="story-") as scratch:
        here = pathlib.Path(scratch).resolve()
        here.chmod(0o755)
        prepare(folder, here)
        if (folder / "make").exists():
            made = bash(folder / "make", qz, here)
            if made.returncode != 0:
                print(readable(made.stdout + made.stderr, here))
                return made.returncode
        before = tree(here)
        done = bash(folder / "command", qz, here)
        seen = {"stdout": readable(done.stdout, here), "stderr": readable(done.stderr, here),
                "exit": f"{done.returncode}\n"}
        if os.environ.get("QZ_ACCEPT") == "1":
            accept(folder, seen, here)
            return 0
        problems = compare(folder, seen, here, tree(here) - before)
        for problem in problems:
            print(problem)
        if problems:
            print(f"\nIf this is meant: QZ_ACCEPT=1 {sys.argv[0]} {sys.argv[1]} {folder}")
        return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(run(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()))
