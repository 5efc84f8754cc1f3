"""Measures whole jobs: reading, computing and sealing of generated fuel_month rows, and explain.

    python3 tests/bench/run_jobs.py --qz build/release/qz [--rows 100000 1000000] [--repeat 3]

Prints rows a second and peak memory of each size, the best of the repeats, and how time grows with
rows. It asserts nothing: a test that fails on a slow machine teaches nobody anything.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
FACTORS = HERE / "factors"


def measured(command):
    """Seconds and peak resident KiB of one run."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(errors.decode())
    return seconds, usage.ru_maxrss


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--qz", default="build/release/qz")
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--threads", default="2")
    arguments = parser.parse_args()
    print(f"{'work':34} {'rows':>9} {'seconds':>8} {'rows/s':>10} {'peak MiB':>9}")
    with tempfile.TemporaryDirectory() as folder:
        for rows in arguments.rows:
            for pack, what in (("bench.combustion", "totals of facilities"), ("bench.ledger", "every row an entry")):
                job = pathlib.Path(folder) / f"{pack}-{rows}"
                subprocess.run([sys.executable, HERE / "make_job.py", str(rows), job, "--pack", pack], check=True)
                common = ["--factors", str(FACTORS), "--threads", arguments.threads]
                run = [arguments.qz, "run", str(job / "job.json"), "--output", str(job / "out"), *common]
                show(f"run, {what}", rows, [measured(run) for _ in range(arguments.repeat)])
                verify = [arguments.qz, "verify", str(job / "out" / "ledger.json")]
                show(f"verify json, {what}", rows, [measured(verify) for _ in range(arguments.repeat)])
            explain = [arguments.qz, "explain", str(job / "job.json"), "entity_year.E", "--where",
                       "entity=F000000", "year=2021", "--depth", "3", *common]
            show("explain one total", rows, [measured(explain) for _ in range(arguments.repeat)])


def show(what, rows, runs):
    seconds, memory = min(runs)
    print(f"{what:34} {rows:9} {seconds:8.2f} {rows / seconds:10.0f} {memory / 1024:9.0f}", flush=True)


if __name__ == "__main__":
    main()
