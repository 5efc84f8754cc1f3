"""Random packs and jobs through `qz run` and the reference evaluator; all entries must be equal.

`compare.py --qz PATH --seeds 1..200 [--keep]` generates each seed, runs both, and prints the
differences. Without --qz only the reference runs (every pack must load, every job must end).
Compared: table, key, column, value, unit, how, error of every entry and total, code, severity and
place of every finding, and whether the job is refused. Wording is not compared.
--threads 1,2,8 also runs qz with so many threads: the same bytes. --shuffle also runs it with the
rows of all files in another order: the same entries. --rungs double,int64 also runs it with that
arithmetic forced, each: the same bytes. --streamed takes jobs around a large table that is only summed,
and also runs them with --keep-rows: the same bytes, messages and exit code.
"""

import argparse
import contextlib
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
sys.path[:0] = [str(HERE), str(HERE.parent / "reference")]

import checks                                                   # noqa: E402
import ledger                                                   # noqa: E402
import shuffle                                                  # noqa: E402
import streamed_jobs                                            # noqa: E402
from generate import Maker                                      # noqa: E402
from job import Job, Refused                                    # noqa: E402
from packs import Library                                       # noqa: E402
from units import Units                                         # noqa: E402
from values import Problem                                      # noqa: E402

SECONDS = 60
MEMBERS = ("value", "unit", "how", "error")
CELL_ERRORS = {"division-by-zero", "missing-factor", "out-of-range", "no-real-value", "number-too-long", "not-unique"}
ONLY_QZ = {"secondary-factor", "constant-status"}           # for information; the specification asks for none


def flat(result):
    """{(entity, table, key, column): {value, unit, how, error}} of a ledger."""
    found = {}
    sections = [(e["entity"], e["entries"]) for e in result["entities"]] + [("", result["totals"])]
    for entity, entries in sections:
        for entry in entries:
            key = " ".join(f"{k}={v}" for k, v in entry["key"].items())
            members = {m: entry.get(m) for m in MEMBERS}
            if not entity:
                members.pop("how")                # totals do not say how
            if isinstance(members["value"], bool):
                members["value"] = "true" if members["value"] else "false"
            found[entity, entry["table"], key, entry["column"]] = members
    return found


def told(result):
    """{(code, severity, entity, table, key, column): how many} of a ledger's findings."""
    found = {}
    sections = [(e["entity"], e["findings"]) for e in result["entities"]] + [("", result["findings"])]
    for entity, findings in sections:
        for one in findings:
            key = " ".join(f"{k}={v}" for k, v in one.get("key", {}).items())
            place = (one["code"], one["severity"], entity, one.get("table", ""), key, one.get("column", ""))
            if one["code"] == "no-edition":                 # of a pack and a period, told at one table of several
                place = (one["code"], one["severity"], "", "", "", "")
            if one["code"] not in ONLY_QZ:
                found[place] = found.get(place, 0) + 1
    return found


def finding_differences(one, other, failed, most):
    """qz may tell of an error that arises in a cell (or a check) which carries another one already."""
    lines = []
    for place in sorted(set(one) | set(other)):
        code, _, entity, table, key, column = place
        cell = failed.get((entity, table, key, column), {}).get("error")
        masked = place not in one and (cell == code or not column and code in CELL_ERRORS)
        if one.get(place, 0) != other.get(place, 0) and not masked:
            lines.append(f"  finding {place}: the reference {one.get(place, 0)}, qz {other.get(place, 0)}")
    return lines[:most] + ([f"  … {len(lines) - most} more"] if len(lines) > most else [])


def reference(folder):
    """("done", (ledger, world)), ("refused", why) or ("pack", why)."""
    units = Units()
    units.load(REPOSITORY / "factors")
    try:
        library = Library([folder / "factors"], units)
        if library.problems:
            return "pack", "\n".join(library.problems)
        job = Job(library, folder / "job" / "job.json")
        run = job.run()
        return "done", (ledger.ledger(run, job.subject, checks.everything(run, job.header_only, job.findings)), run.world)
    except (Refused, Problem) as refused:
        text = str(refused)
        return ("pack" if text.startswith("rnd.") else "refused"), text


def engine(qz, folder, threads=None, rung=None):
    """The same of `qz run`; exit 0 and 1 are done, 2 and 3 refused, anything else a fault."""
    out = folder / "out"
    command = [qz, "run", str(folder / "job" / "job.json"), "--factors", str(folder / "factors"), "--output", str(out),
               "--format", "json"] + (["--threads", threads] if threads else []) \
        + (["--rung", rung] if rung else [])
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return "fault", f"no answer in {SECONDS} s"
    if done.returncode in (0, 1):
        return "done", json.loads((out / "ledger.json").read_text(encoding="utf-8"))
    return ("refused" if done.returncode in (2, 3) else "fault"), f"exit {done.returncode}: {done.stderr.strip()[:2000]}"


def printed(qz, folder, name, *more):
    """Exit code, files and words of a run, to the byte."""
    out = folder / name
    command = [qz, "run", folder / "job" / "job.json", "--factors", folder / "factors", "--output", out, *more]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    files = {p.name: p.read_bytes() for p in sorted(out.glob("*"))} if out.is_dir() else {}
    return done.returncode, files, (done.stdout + done.stderr).replace(f"/{name}/", "/out/")


def unlike_kept(qz, folder):
    """Rows that pass by against rows that are kept, on one, two and eight threads; refused jobs too."""
    kept = printed(qz, folder, "kept", "--keep-rows")
    return [f"  other {what} than with --keep-rows on {threads} thread(s)" for threads in "128"
            for what, one, two in zip(("exit code", "bytes", "words"), kept, printed(qz, folder, f"by{threads}", "--threads", threads))
            if one != two]


def first_causes(world, columns):
    """Of the columns that differ, those that read no other of them: where to look first."""
    found = []
    for column in columns:
        seen, waiting = set(), [column]
        while waiting:
            for table, name, _ in world.reads.get(waiting.pop(), ()):
                if (table, name) not in seen:
                    seen.add((table, name))
                    waiting.append((table, name))
        if not seen & columns - {column}:
            found.append(column)
    return set(found) or columns


def formulas(world, column):
    """What the packs say of a column."""
    table, name = column
    for editions in world.editions.values():
        for edition in editions:
            content = edition.content["tables"].get(table, {}).get("columns", {}).get(name)
            if content:
                yield f"  {edition.name} {table}.{name}: {json.dumps(content, ensure_ascii=False)}"


def differences(one, other, world, most):
    """Lines saying where two flat ledgers differ and the formulas behind, at most so many."""
    differing = {p for p in set(one) | set(other) if one.get(p) != other.get(p)}
    causes = first_causes(world, {(p[1], p[3]) for p in differing})
    lines = [f"  {len(differing)} entries differ"] if differing else []
    for column in sorted(causes):
        lines += formulas(world, column)
        places = sorted(p for p in differing if (p[1], p[3]) == column)
        lines += entry_differences(one, other, places, most)
    return lines


def entry_differences(one, other, places, most):
    lines = []
    for place in places:
        entity, table, key, column = place
        name = f"{table}.{column} [{entity} {key}]"
        if place not in one or place not in other:
            lines.append(f"  {name}: only in {'the reference' if place in one else 'qz'}: {one.get(place) or other.get(place)}")
        elif one[place] != other[place]:
            for member, value in one[place].items():
                if value != other[place].get(member):
                    lines.append(f"  {name}: {member}: the reference {value}, qz {other[place].get(member)}")
    return lines[:most] + ([f"  … {len(lines) - most} more"] if len(lines) > most else [])


def unlike_itself(qz, folder, seed, options):
    """qz against itself: other numbers of threads, other arithmetic, rows in another order."""
    lines, ledger_file = [], folder / "out" / "ledger.json"
    if not ledger_file.exists():
        return lines
    bytes_before = ledger_file.read_bytes()
    for threads in options.threads.split(",") if options.threads else ():
        engine(qz, folder, threads)
        if ledger_file.read_bytes() != bytes_before:
            lines.append(f"  other bytes with {threads} threads")
    for rung in options.rungs.split(",") if options.rungs else ():
        engine(qz, folder, rung=rung)
        if ledger_file.read_bytes() != bytes_before:
            lines.append(f"  other bytes on rung {rung}")
    if options.shuffle:
        shuffle.files(folder / "job", random.Random(seed))
        kind, other = engine(qz, folder)
        before = flat(json.loads(bytes_before))
        if kind != "done" or flat(other) != before:
            lines.append(f"  other entries with the rows in another order: {kind} {other if kind != 'done' else ''}")
    return lines


def compare_seed(seed, folder, options):
    """Lines of differences; empty if all is equal."""
    qz, most = options.qz, options.most
    (streamed_jobs.Maker if options.streamed else Maker)(seed).write(folder)
    kind, result = reference(folder)
    if kind == "pack":
        return [f"  the random pack does not load: {result}"]
    if qz is None:
        return []
    kept = unlike_kept(qz, folder) if options.streamed else []
    other_kind, other = engine(qz, folder)
    if kind != other_kind:
        return kept + [f"  the reference: {kind} {result if kind != 'done' else ''}", f"  qz: {other_kind} {other if other_kind != 'done' else ''}"]
    if kind != "done":
        return kept
    one, two = flat(result[0]), flat(other)
    lines = differences(one, two, result[1], most)
    lines += finding_differences(told(result[0]), told(other), two, most)
    return lines + kept + unlike_itself(qz, folder, seed, options)


@contextlib.contextmanager
def place_for(seed, keep):
    """A fresh folder for a seed; with --keep it stays."""
    folder = pathlib.Path(tempfile.gettempdir()) / f"qz-property-{seed}" if keep else pathlib.Path(tempfile.mkdtemp())
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def parser_of(doc):
    """The options that every comparison by seeds has."""
    parser = argparse.ArgumentParser(description=doc.split("\n")[0])
    parser.add_argument("--qz", help="the program; without it only the reference runs")
    parser.add_argument("--seeds", default="1..20", help="A..B, both included, or one seed")
    parser.add_argument("--keep", action="store_true", help="keep the folder of each seed and print it")
    parser.add_argument("--most", type=int, default=8, help="differences printed for one seed, of each sort")
    return parser


def each_seed(options, compare):
    """Runs `compare` for each seed and prints what differs; 1 if anything does."""
    first, _, last = options.seeds.partition("..")
    passed = failed = 0
    for seed in range(int(first), int(last or first) + 1):
        with place_for(seed, options.keep) as folder:
            lines = compare(seed, folder, options)
        failed, passed = failed + bool(lines), passed + (not lines)
        if lines:
            print(f"seed {seed}" + (f" in {folder}" if options.keep else ""))
            print("\n".join(lines), flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def main():
    parser = parser_of(__doc__)
    parser.add_argument("--rungs", help="also with this arithmetic, each: double,int64,int128,exact")
    parser.add_argument("--streamed", action="store_true", help="jobs around a large table that is only summed")
    parser.add_argument("--threads", help="also with so many threads, each: 1,2,8")
    parser.add_argument("--shuffle", action="store_true", help="also with the rows of the files in another order")
    return each_seed(parser.parse_args(), compare_seed)


def with_deep_stack(work=main):
    """Loops through time are recursion in the reference."""
    result = []
    sys.setrecursionlimit(400_000)
    threading.stack_size(512 * 1024 * 1024)
    worker = threading.Thread(target=lambda: result.append(work()))
    worker.start()
    worker.join()
    return result[0] if result else 5


if __name__ == "__main__":
    sys.exit(with_deep_stack())
