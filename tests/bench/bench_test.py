"""The benchmark jobs, small: their packs' examples, facility totals digit by digit, a file that changes
while it is read, a country without errors, a year of hourly monitoring quarter by quarter.

    python3 tests/bench/bench_test.py build/release/qz
"""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

import cems
import check_totals
import make_job
import make_national

FACTORS = pathlib.Path(__file__).resolve().parent / "factors"


def qz(program, *arguments):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"qz {' '.join(map(str, arguments))}: exit {done.returncode}\n{done.stdout}{done.stderr}")


def run_while_touched(program, job, output, table):
    """Runs `job` and touches its file `table` while it is mapped; None where the run was too fast for that."""
    arguments = [program, "run", str(job), "--output", str(output), "--factors", str(FACTORS), "--threads", "2"]
    running = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    maps = pathlib.Path(f"/proc/{running.pid}/maps")
    touched = False
    while not touched and running.poll() is None:
        if str(table) not in maps.read_text():
            continue
        running.send_signal(signal.SIGSTOP)
        if touched := str(table) in maps.read_text():
            os.utime(table)
        running.send_signal(signal.SIGCONT)
    said, _ = running.communicate()
    return (running.returncode, said) if touched else None


def check_change_is_refused(program, folder):
    """What is hashed and what is read are the same file, or there is no ledger."""
    job = make_job.make(400_000, folder / "touched", "bench.w1")
    table = (folder / "touched/activity.csv").resolve()
    done = None
    for _ in range(20):
        done = run_while_touched(program, job, folder / "refused", table)
        if done is not None and done[0] == 3:
            break
        shutil.rmtree(folder / "refused", ignore_errors=True)  # this time the file was touched too late
    if done is None or done[0] != 3 or "it changed meanwhile" not in done[1]:
        sys.exit(f"a file that changes while it is read was not refused: {done}")
    if (folder / "refused/ledger.json").exists():
        sys.exit("a refused run left a ledger")


def check_hours(program, folder):
    """Quarters of eight different outlets against a calculation row by row; the same bytes whatever the order of hours
    and the number of threads; and 35 mg/m3 x 1.2 million Nm3/h x 8 000 h, hour by hour, is 336 t."""
    job, made = cems.make(len(cems.KINDS), folder / "cems")
    qz(program, "run", job, "--output", folder / "hours", "--threads", "2")
    wrong = cems.compare(folder / "hours/ledger.json", made)
    if wrong:
        sys.exit("\n".join([f"{len(wrong)} quarters differ", *wrong[:10]]))
    table = folder / "cems/hours.csv"
    heading, *rows = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text(heading + "".join(reversed(rows)), encoding="utf-8")
    qz(program, "run", job, "--output", folder / "reversed", "--threads", "1")
    entities = [json.loads((folder / f"{out}/ledger.json").read_text(encoding="utf-8"))["entities"]
                for out in ("hours", "reversed")]
    told = [sum(found["code"] == "out-of-order" for one in each for found in one["findings"]) for each in entities]
    for one in (one for each in entities for one in each):
        one["findings"] = [found for found in one["findings"] if found["code"] != "out-of-order"]
    if entities[0] != entities[1]:
        sys.exit("hours in another order give other figures")
    if told != [0, 1]:
        sys.exit(f"one file goes back in time, once told: {told}")

    rows = [f"A,1,SO2,{cems.stamp(h)},35,1200000,60,{'' if h < 8000 else 'stopped'}\n" for h in range(cems.HOURS)]
    table.write_text("entity,outlet,pollutant,hour,concentration,flow,minutes,mark\n" + "".join(rows), encoding="utf-8")
    (folder / "cems/outlets.csv").write_text("entity,outlet,pollutant,required\nA,1,SO2,true\n", encoding="utf-8")
    content = json.loads(job.read_text(encoding="utf-8"))
    del content["context"], content["tables"]["outlet_quarter"]
    job.write_text(json.dumps(content), encoding="utf-8")
    qz(program, "run", job, "--output", folder / "c9", "--threads", "2")
    ledger = json.loads((folder / "c9/ledger.json").read_text(encoding="utf-8"))
    years = [e["value"] for one in ledger["entities"] for e in one["entries"]
             if e["table"] == "outlet_year" and e["column"] == "mass"]
    if years != ["336.0000"]:
        sys.exit(f"336 t are due, not {years}")


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        folder = pathlib.Path(scratch)
        for pack in ("bench.w1", "bench.combustion", "bench.ledger", "bench.shapes"):
            qz(program, "packs", "test", pack, "--factors", FACTORS)

        job = make_job.make(60_000, folder / "w1", "bench.w1")  # two pieces of make_job, two threads
        qz(program, "run", job, "--output", folder / "totals", "--factors", FACTORS, "--threads", "2")
        theirs = check_totals.from_rows(folder / "w1/activity.csv")
        wrong = check_totals.differences(check_totals.ledger(folder / "totals/ledger.json"), theirs)
        if wrong or len(theirs) != 180:
            sys.exit("\n".join([f"{len(theirs)} cells, {len(wrong)} differ", *wrong[:10]]))

        check_change_is_refused(program, folder)
        check_hours(program, folder)

        job, _ = make_national.make(folder / "national", entities=20)
        qz(program, "run", job, "--output", folder / "country", "--fail-on", "error")
        findings = json.loads((folder / "country/findings.json").read_text(encoding="utf-8"))
        about_rows = [finding for finding in findings if finding["severity"] != "info" and "table" in finding]
        if about_rows:
            sys.exit(f"the country's data have {len(about_rows)} findings, such as {about_rows[0]}")


if __name__ == "__main__":
    main()
