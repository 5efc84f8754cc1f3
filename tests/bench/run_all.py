"""Measures qz on whole jobs, beside other programs where they can be had, and says how it stands to the bars.

    python3 tests/bench/run_all.py --qz build/release/qz [--bench build/release/bench] [--peers FOLDER]
        [--rows 10000000] [--only w1 ledger ...] [--rounds 5] [--json out.json] [--docs]

| part | what is run |
|---|---|
| w1 | rows of combustion data to facility totals in a sealed ledger; beside it the peers on the same file |
| recalculation | the same rows, loaded already, computed and summed again; beside it the hand-written loop; needs --bench |
| scenarios | bench.w3 under other numbers, twelve or one changed in each scenario; beside it the same formulas as a compiled loop of Node; needs --bench |
| growth | w1 at 0.1, 1, 10 and 30 million rows, qz only |
| ledger | a job whose every row is an entry: run, verify the JSON, verify the XML |
| national | 3 700 power plants, 24 months, cn.cets.power.mrv, every reported figure |
| city | the sample city, start to end |
| blocks | the program `bench`: Merkle tree, recalculation, writing; needs --bench |

Programs take turns, round after round; the median of their wall times counts, and private memory as measured.py
defines it. Totals are compared with an independent calculation, digit by digit. Prints a Markdown table; --json
keeps everything; --docs writes docs/PERFORMANCE.md and its chart (parts that were not run stay as they were).
It asserts nothing about speed: machines differ.
"""

import argparse
import datetime
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys

import check_totals
import make_job
import make_national
import make_scenarios
import measured
import peers

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FACTORS = HERE / "factors"
PARTS = ("w1", "recalculation", "scenarios", "growth", "ledger", "national", "city", "blocks")


def say(text):
    print(text, file=sys.stderr, flush=True)


def machine():
    """What the numbers were measured on."""
    model = re.search(r"^model name\s*:\s*(.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    system = re.search(r'^PRETTY_NAME="(.*)"$', pathlib.Path("/etc/os-release").read_text(), re.M)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    compiler = subprocess.run(["g++", "-dumpfullversion"], capture_output=True, text=True).stdout.strip()
    return {"processor": model[1] if model else "unknown", "cores": os.cpu_count(), "memory_gib": round(memory),
            "system": system[1] if system else "unknown", "compiler": f"GCC {compiler}"}


class Bench:
    def __init__(self, arguments):
        self.arguments = arguments
        self.qz = arguments.qz.resolve()
        self.work = arguments.work
        self.work.mkdir(parents=True, exist_ok=True)
        self.peers = peers.folder(arguments.peers)
        self.results = []

    def run_of(self, job, out):
        return ([self.qz, "run", job, "--output", self.work / out, "--factors", FACTORS, "--threads", self.arguments.threads], None)

    def verify_of(self, file):
        return ([self.qz, "verify", self.work / file, "--threads", self.arguments.threads], None)

    def add(self, part, program, runs, **more):
        result = {"part": part, "program": program, **runs.summary(), **more}
        self.results.append(result)
        say(f"  {program:18} {result['seconds']:9.3f} s  {result['private_mib']:8.1f} MiB  "
            + "  ".join(f"{name} {value}" for name, value in more.items()))

    def activity(self, rows):
        """The rows of W1; made once and kept in the working folder."""
        path = self.work / f"activity-{rows}.csv"
        if not path.exists():
            say(f"writing {rows} rows")
            half = path.with_suffix(".part")
            make_job.write_activity(rows, half)
            half.rename(path)
        return path

    def w1_job(self, rows):
        return make_job.make(rows, self.work / f"w1-{rows}", "bench.w1", self.activity(rows))

    def expected(self, rows):
        """The exact totals, worked out once and kept."""
        path = self.work / f"totals-{rows}.json"
        if not path.exists():
            totals = check_totals.from_rows(self.activity(rows))
            facilities = sorted({facility for facility, _ in totals})
            path.write_text("".join(json.dumps({"facility": one, **{gas: str(totals[one, gas]) for gas in check_totals.GASES}}) + "\n"
                                    for one in facilities))
        return check_totals.reference(path)

    def w1(self):
        rows = self.arguments.rows
        say(f"w1, {rows} rows")
        job, expected = self.w1_job(rows), self.expected(rows)
        others, outputs = peers.w1_commands(self.peers, self.work, self.activity(rows), self.arguments.threads, say)
        commands = {"qz": self.run_of(job, "w1-out"), **others}
        for name, runs in measured.round_robin(commands, self.arguments.rounds).items():
            answer = check_totals.ledger(self.work / "w1-out/ledger.json") if name == "qz" else check_totals.reference(outputs[name])
            wrong = len(check_totals.differences(answer, expected))
            self.add("w1", name, runs, rows=rows, rows_a_second=round(rows / runs.median()), cells=len(expected), wrong_cells=wrong)

    def recalculation(self):
        rows = self.arguments.rows
        say(f"recalculation, {rows} rows")
        job, loop = self.w1_job(rows), self.peers and peers.probe(self.peers, self.work, say)
        seconds = {}
        for _ in range(self.arguments.rounds):  # each program repeats on its own rows and tells the median
            if loop:
                seconds.setdefault("loop", []).append(peers.warm(loop, self.work, self.activity(rows), self.arguments.threads))
            for one in self.bench_results("recalculate_loaded_rows", job) if self.has_bench() else []:
                seconds.setdefault("qz", []).append(one["seconds"])
        for name, all_seconds in seconds.items():
            median = statistics.median(all_seconds)
            self.results.append({"part": "recalculation", "program": name, "rows": rows, "seconds": median,
                                 "nanoseconds_a_row": round(median / rows * 1e9, 2)})
            say(f"  {name:18} {median:9.4f} s")

    def scenarios(self):
        say("scenarios")
        rates = {}
        for _ in range(self.arguments.rounds):  # each program tells the median of its own repetitions
            rate = peers.scenarios(self.peers, say)
            if rate:
                rates.setdefault("node", []).append(rate)
            for table in (False, True) if self.has_bench() else ():
                job = make_scenarios.make(self.work / f"scenarios-{'table' if table else 'constants'}", table)
                for one in self.bench_results("scenarios_", job):
                    name = one["program"].removeprefix("scenarios_") + (" in a table" if table else "")
                    rates.setdefault(name, []).append(one["items_per_second"])
        for name, all_rates in rates.items():
            median = statistics.median(all_rates)
            self.results.append({"part": "scenarios", "program": name, "seconds": 1 / median, "scenarios_a_second": round(median)})
            say(f"  {name:24} {median:9.0f} scenarios/s")

    def growth(self):
        for rows in self.arguments.growth:
            say(f"growth, {rows} rows")
            job = self.w1_job(rows)
            runs = measured.round_robin({"qz": self.run_of(job, "growth-out")}, min(3, self.arguments.rounds))["qz"]
            wrong = len(check_totals.differences(check_totals.ledger(self.work / "growth-out/ledger.json"), self.expected(rows)))
            self.add("growth", "qz", runs, rows=rows, rows_a_second=round(rows / runs.median()), wrong_cells=wrong)

    def job_and_verify(self, part, job, rows, **more):
        commands = {"run": self.run_of(job, f"{part}-out")}
        measured.run(commands["run"][0])
        commands["verify JSON"] = self.verify_of(f"{part}-out/ledger.json")
        commands["verify XML"] = self.verify_of(f"{part}-out/ledger.xml")
        files = {kind: (self.work / f"{part}-out/ledger.{kind}").stat().st_size for kind in ("json", "xml")}
        with open(self.work / f"{part}-out/ledger.json", "rb") as ledger:
            ledger.seek(max(0, files["json"] - 1000))
            leaves = int(re.search(rb'"leaves":\s*(\d+)', ledger.read())[1])
        for name, runs in measured.round_robin(commands, self.arguments.rounds).items():
            self.add(part, name, runs, **more, rows=rows, leaves=leaves, leaves_a_second=round(leaves / runs.median()),
                     json_mib=round(files["json"] / 2**20), xml_mib=round(files["xml"] / 2**20))

    def ledger_job(self):
        path = self.work / f"ledger-{self.arguments.ledger_rows}"
        if (path / "job.json").exists():
            return path / "job.json"
        return make_job.make(self.arguments.ledger_rows, path, "bench.ledger")

    def ledger(self):
        rows = self.arguments.ledger_rows
        say(f"ledger, {rows} rows")
        self.job_and_verify("ledger", self.ledger_job(), rows)

    def national(self):
        say(f"national, {self.arguments.entities} entities")
        job, rows = make_national.make(self.work / f"national-{self.arguments.entities}", self.arguments.entities)
        self.job_and_verify("national", job, rows, entities=self.arguments.entities)

    def city(self):
        say("sample city")
        runs = measured.round_robin({"qz": self.run_of(ROOT / "inputs/sample-city/job.json", "city-out")}, max(9, self.arguments.rounds))
        self.add("city", "qz", runs["qz"])

    def has_bench(self):
        if self.arguments.bench is not None and self.arguments.bench.exists():
            return True
        say("no building blocks: name the program with --bench (cmake --build --preset release --target bench)")
        return False

    def bench_results(self, names, job):
        """The medians that the program `bench` tells of those that match `names`, working on `job`."""
        done = subprocess.run([self.arguments.bench, "--benchmark_format=json", f"--benchmark_filter={names}", "--benchmark_min_time=0.2",
                               "--benchmark_repetitions=3", "--benchmark_report_aggregates_only=true"], capture_output=True, text=True,
                              env={**os.environ, "QZ_BENCH_FACTORS": str(FACTORS), "QZ_BENCH_JOB": str(job)})
        if done.returncode != 0:
            sys.exit(done.stderr)
        if not done.stdout:
            return []
        out, scale = [], {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1}
        for one in json.loads(done.stdout)["benchmarks"]:
            if one.get("error_occurred"):
                sys.exit(f"{one['name']}: {one['error_message']}")
            if one["aggregate_name"] == "median":
                out.append({"program": one["run_name"].split("/")[0], "seconds": one["real_time"] * scale[one["time_unit"]],
                            **{name: one[name] for name in ("items_per_second", "bytes_per_second") if name in one}})
        return out

    def blocks(self):
        """Building blocks, by the program `bench`; its own medians of repetitions."""
        if self.has_bench():
            say("building blocks")
            self.results += [{"part": "blocks", **one} for one in self.bench_results("-(recalculate|scenarios)", self.ledger_job())]


def find(results, part, program, **more):
    for result in results:
        if result["part"] == part and result["program"] == program and all(result.get(k) == v for k, v in more.items()):
            return result
    return None


def ratio(results, part, first, second):
    """How many times longer `first` takes than `second`; None where one was not measured."""
    a, b = find(results, part, first), find(results, part, second)
    return a["seconds"] / b["seconds"] if a and b else None


def bars(results):
    """The bars of the house: what is asked, the bar, what was measured, met or not (None: not measured)."""
    out = []

    def bar(what, asked, value, shown, met):
        out.append({"what": what, "bar": asked, "measured": shown.format(value) if value is not None else "not measured",
                    "met": None if value is None else bool(met(value))})

    w1 = find(results, "w1", "qz")
    duck = [r for r in results if r["part"] == "w1" and r["program"].startswith("duckdb")]
    fastest = min(duck, key=lambda r: r["seconds"], default=None)
    rows = f"{w1['rows'] / 1e6:g} M rows" if w1 else "10 M rows"
    bar(f"{rows} to totals, against the fastest DuckDB mode", "4 times faster",
        fastest["seconds"] / w1["seconds"] if w1 and fastest else None, "{:.2f} times faster", lambda v: v >= 4)
    bar("the same against the hand-written loop", "within 2 times", ratio(results, "w1", "qz", "loop"), "{:.2f} times", lambda v: v <= 2)
    bar("recalculation of loaded rows against that loop's own", "within 2 times", ratio(results, "recalculation", "qz", "loop"),
        "{:.2f} times", lambda v: v <= 2)
    bar(f"cells that differ from the exact totals, {rows}", "none", w1 and w1["wrong_cells"], "{}", lambda v: v == 0)
    bar(f"private memory, {rows} to totals", "256 MiB", w1 and w1["private_mib"], "{:.0f} MiB", lambda v: v <= 256)
    for name, least in (("all_numbers", 10), ("one_number", 15)):
        bar(f"scenarios/s of bench.w3, {name.replace('_', ' ')} changed, against Node's compiled loop", f"{least} times",
            ratio(results, "scenarios", "node", name), "{:.1f} times", lambda v, least=least: v >= least)
    growth = sorted((r for r in results if r["part"] == "growth"), key=lambda r: r["rows"])
    large = [r for r in growth if r["rows"] >= 1_000_000]
    if len(large) > 1:
        bar(f"private memory from {large[0]['rows'] / 1e6:g} to {large[-1]['rows'] / 1e6:g} M rows", "flat",
            (large[-1]["private_mib"] - large[0]["private_mib"]) * 2**20 / (large[-1]["rows"] - large[0]["rows"]),
            "{:+.1f} bytes a row", lambda v: v <= 4)
    ledger = find(results, "ledger", "run")
    for kind, least in (("json", 1_000_000), ("xml", 500_000)):
        block = find(results, "blocks", f"write_ledger_{kind}")
        bar(f"full ledger, sealed, {kind.upper()} alone", f"{least:,} entries/s", block and block["items_per_second"],
            "{:,.0f} entries/s", lambda v, least=least: v >= least)
    bar("full ledger from CSV, both forms in one run", "", ledger and ledger["leaves_a_second"], "{:,.0f} entries/s", lambda v: True)
    for kind in ("JSON", "XML"):
        verify, block = find(results, "ledger", f"verify {kind}"), find(results, "blocks", f"write_ledger_{kind.lower()}")
        bar(f"verify the {kind} ledger against writing it alone", "as fast",
            verify["leaves_a_second"] / block["items_per_second"] if verify and block else None, "{:.2f} times as fast", lambda v: v >= 1)
    merkle = ratio(results, "blocks", "merkle_plain_loop", "merkle_tree")
    bar("Merkle tree of 10 M leaves against a plain OpenSSL loop", "2 times faster", merkle, "{:.2f} times faster", lambda v: v >= 2)
    city = find(results, "city", "qz")
    bar("sample city, start to end", "0.3 s", city and city["seconds"], "{:.3f} s", lambda v: v < 0.3)
    return out


def markdown(report):
    """The report as the text that stands in docs/PERFORMANCE.md."""
    results, on = report["results"], report["machine"]

    def span(name):
        values = sorted({part[name] for part in report["parts"].values()})
        return str(values[0]) if len(values) == 1 else f"{values[0]} to {values[-1]}"

    lines = [f"{span('date')}: {on['cores']} cores of {on['processor']}, {on['memory_gib']} GiB, {on['system']}, {on['compiler']}, "
             f"{report['threads']} threads; medians of {span('rounds')} rounds; load {span('load')} when the parts began.", "",
             "| bar | asked | measured | |", "|---|---|---|---|"]
    for one in report["bars"]:
        mark = {True: "met", False: "**not met**", None: ""}[one["met"]] if one["bar"] else ""
        lines.append(f"| {one['what']} | {one['bar']} | {one['measured']} | {mark} |")
    names = {"qz": "qz", "loop": "hand-written loop", "duckdb-exact": "DuckDB, integers arranged by hand", "duckdb-double": "DuckDB DOUBLE",
             "duckdb-decimal": "DuckDB DECIMAL"}
    w1 = [r for r in results if r["part"] == "w1"]
    if w1:
        lines += ["", f"Rows to totals, {w1[0]['rows']:,} rows, {w1[0]['cells']:,} totals:", "",
                  "| program | seconds | processor s | rows/s | private MiB | wrong totals |", "|---|---|---|---|---|---|"]
        for r in sorted(w1, key=lambda r: r["seconds"]):
            lines.append(f"| {names.get(r['program'], r['program'])} | {r['seconds']:.2f} | {r['cpu_seconds']:.2f} | {r['rows_a_second']:,} "
                         f"| {r['private_mib']:.0f} | {r['wrong_cells']:,} |")
    again = [r for r in results if r["part"] == "recalculation"]
    if again:
        lines += ["", "| loaded rows computed and summed again | seconds | ns a row |", "|---|---|---|"]
        lines += [f"| {names.get(r['program'])} | {r['seconds']:.4f} | {r['nanoseconds_a_row']:.2f} |" for r in again]
    varied = [r for r in results if r["part"] == "scenarios"]
    if varied:
        lines += ["", "| 30 formulas × 1,200 cells under other numbers | scenarios/s |", "|---|---|"]
        titles = {"node": "Node, compiled loop, inexact"}
        lines += [f"| {titles.get(r['program'], 'qz, ' + r['program'].replace('_', ' '))} | {r['scenarios_a_second']:,} |" for r in varied]
    jobs = [r for r in results if r["part"] in ("ledger", "national", "city")]
    if jobs:
        lines += ["", "| job | rows | entries | seconds | entries/s | private MiB |", "|---|---|---|---|---|---|"]
    for r in jobs:
        titles = {"ledger": "every row an entry", "national": f"{r.get('entities', 0):,} power plants, 24 months", "city": "sample city"}
        what = titles[r["part"]] + ("" if r["part"] == "city" else f": {r['program']}")
        entries = f"{r['leaves']:,} | {r['seconds']:.2f} | {r['leaves_a_second']:,}" if "leaves" in r else f"| {r['seconds']:.3f} | "
        rows = f"{r['rows']:,}" if "rows" in r else ""
        lines.append(f"| {what} | {rows} | {entries} | {r['private_mib']:.0f} |")
    growth = [r for r in results if r["part"] == "growth"]
    if growth:
        lines += ["", "| rows to totals | seconds | rows/s | private MiB |", "|---|---|---|---|"]
        lines += [f"| {r['rows']:,} | {r['seconds']:.3f} | {r['rows_a_second']:,} | {r['private_mib']:.0f} |" for r in growth]
    blocks = [r for r in results if r["part"] == "blocks"]
    if blocks:
        lines += ["", "| building block | a second |", "|---|---|"]
        for r in blocks:
            speed = (f"{r['bytes_per_second'] / 1e9:.2f} GB" if "bytes_per_second" in r
                     else f"{r.get('items_per_second', 1 / r['seconds']) / 1e6:.2f} M")
            lines.append(f"| {r['program'].replace('_', ' ')} | {speed} |")
    return "\n".join(lines) + "\n"


def keep_other_parts(report):
    """Takes from the report in the tree what was not measured now."""
    path = HERE / "report.json"
    if path.exists():
        old = json.loads(path.read_text(encoding="utf-8"))
        report["results"] = [r for r in old["results"] if r["part"] not in report["parts"]] + report["results"]
        report["results"].sort(key=lambda r: PARTS.index(r["part"]))
        both = old["parts"] | report["parts"]
        report["parts"] = {part: both[part] for part in PARTS if part in both}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--qz", type=pathlib.Path, default=ROOT / "build/release/qz")
    parser.add_argument("--bench", type=pathlib.Path, help="the program of building blocks (target bench)")
    parser.add_argument("--peers", help="folder of other programs for the same work (or QZ_PEERS)")
    parser.add_argument("--rows", type=int, default=10_000_000, help="of w1")
    parser.add_argument("--ledger-rows", type=int, default=1_000_000)
    parser.add_argument("--entities", type=int, default=3700)
    parser.add_argument("--growth", type=int, nargs="+", default=[100_000, 1_000_000, 10_000_000, 30_000_000])
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", default="2")
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "build/bench-work", help="folder for data that is made once and kept")
    parser.add_argument("--json", type=pathlib.Path, help="file for the whole report")
    parser.add_argument("--docs", action="store_true", help="write the report into docs/PERFORMANCE.md")
    arguments = parser.parse_args()
    bench = Bench(arguments)
    report = {"machine": machine(), "threads": arguments.threads, "parts": {}}
    for part in arguments.only:
        report["parts"][part] = {"date": datetime.date.today().isoformat(), "rounds": arguments.rounds,
                                 "load": round(os.getloadavg()[0], 1)}
        getattr(bench, part)()
    report["results"] = bench.results
    if arguments.docs:
        keep_other_parts(report)
    report["bars"] = bars(report["results"])
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    if arguments.docs:
        import write_docs  # which reads this file's markdown()
        write_docs.write(report)
    print(markdown(report), end="")


if __name__ == "__main__":
    main()
