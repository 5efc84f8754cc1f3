"""The reference evaluator: `run` a job, `test` the packs' examples, `check` the packs.

A second opinion on rule-language.md in another language: row by row, slow and obvious. See
README.md for what it reads into the specification.
"""

import argparse
import json
import pathlib
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import checks                                                   # noqa: E402
import ledger                                                   # noqa: E402
from examples import Example                                    # noqa: E402
from job import Job, Refused                                    # noqa: E402
from packs import Library                                       # noqa: E402
from units import Units                                         # noqa: E402
from values import NotSupported, Problem                        # noqa: E402
from world import World                                         # noqa: E402

INSTALLED = pathlib.Path(__file__).resolve().parents[2] / "factors"


def run_command(library, options):
    """Print the ledger of a job, or {"refused": …} and exit 3."""
    job = Job(library, options.job)
    try:
        run = job.run()
        found = checks.everything(run, job.header_only, job.findings)
        result = ledger.ledger(run, job.subject, found)
    except (Refused, Problem) as problem:
        print(json.dumps({"refused": str(problem)}, ensure_ascii=False, indent=1))
        return 3
    print(json.dumps(result, ensure_ascii=False, indent=1))
    return 0


def chosen(library, names):
    """The editions that are named, by pack or pack@version; all without a name."""
    found = []
    for pack in sorted(library.editions):
        for version, edition in library.editions[pack].items():
            if not names or pack in names or f"{pack}@{version}" in names:
                found.append(edition)
    return found


def test_command(library, options):
    passed = failed = 0
    for edition in chosen(library, options.pack):
        for problem in library.problems:
            if problem.startswith(edition.name + ":"):
                print(problem)
                failed += 1
        for content in edition.examples:
            example = Example(library, edition, content)
            for failure in example.failures():
                table, key, column, want, got = failure
                print(f"{edition.name}: {content.get('name')}: {table} {key} {column}: expected {want}, got {got}")
                failed += 1
            passed += example.passed
    for name in options.pack:
        if not chosen(library, [name]):
            print(f"{name}: not installed" + "".join(f"\n  {p}" for p in library.problems))
            failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def check_command(library, options):
    """Every pack with those it needs: names, types, units, circles."""
    problems, unsupported = list(library.problems), []
    for pack in sorted(library.editions):
        try:
            from job import choose
            editions, _ = choose(library, [pack])
            world = World(library, editions)
            problems += world.problems
            unsupported += world.unsupported
        except (Refused, Problem) as problem:
            problems.append(f"{pack}: {problem}")
    for problem in dict.fromkeys(problems):
        print(problem)
    for note in dict.fromkeys(unsupported):
        print(f"not supported: {note}")
    print(f"{sum(map(len, library.editions.values()))} editions, {len(set(problems))} problems")
    return 1 if problems else 0


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="evaluate a job and print its ledger")
    run.add_argument("job")
    test = commands.add_parser("test", help="run the examples of packs")
    test.add_argument("pack", nargs="*")
    check = commands.add_parser("check", help="load and check all packs")
    for command in (run, test, check):
        command.add_argument("--factors", action="append", metavar="FOLDER",
                             help="a folder laid out like factors/; repeatable (default: the installed one)")
    options = parser.parse_args(arguments)
    try:
        library = Library(options.factors or [INSTALLED], Units())
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 2
    return {"run": run_command, "test": test_command, "check": check_command}[options.command](library, options)


def with_deep_stack():
    """A loop through earlier periods is recursion here: a year of hours needs a deep stack."""
    result = []
    sys.setrecursionlimit(400_000)
    threading.stack_size(512 * 1024 * 1024)
    worker = threading.Thread(target=lambda: result.append(main()))
    worker.start()
    worker.join()
    return result[0] if result else 5


if __name__ == "__main__":
    sys.exit(with_deep_stack())
