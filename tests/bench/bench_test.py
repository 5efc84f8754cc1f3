"""The benchmark jobs, small: their packs' examples, facility totals digit by digit, a country without errors.

    python3 tests/bench/bench_test.py build/release/qz
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import check_totals
import make_job
import make_national

FACTORS = pathlib.Path(__file__).resolve().parent / "factors"


def qz(program, *arguments):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"qz {' '.join(map(str, arguments))}: exit {done.returncode}\n{done.stdout}{done.stderr}")


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        folder = pathlib.Path(scratch)
        for pack in ("bench.w1", "bench.combustion", "bench.ledger"):
            qz(program, "packs", "test", pack, "--factors", FACTORS)

        job = make_job.make(60_000, folder / "w1", "bench.w1")  # two pieces of make_job, two threads
        qz(program, "run", job, "--output", folder / "totals", "--factors", FACTORS, "--threads", "2")
        theirs = check_totals.from_rows(folder / "w1/activity.csv")
        wrong = check_totals.differences(check_totals.ledger(folder / "totals/ledger.json"), theirs)
        if wrong or len(theirs) != 180:
            sys.exit("\n".join([f"{len(theirs)} cells, {len(wrong)} differ", *wrong[:10]]))

        job, _ = make_national.make(folder / "national", entities=20)
        qz(program, "run", job, "--output", folder / "country", "--fail-on", "error")
        findings = json.loads((folder / "country/findings.json").read_text(encoding="utf-8"))
        about_rows = [finding for finding in findings if finding["severity"] != "info" and "table" in finding]
        if about_rows:
            sys.exit(f"the country's data have {len(about_rows)} findings, such as {about_rows[0]}")


if __name__ == "__main__":
    main()
