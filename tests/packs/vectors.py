#!/usr/bin/env python3
"""Figures that others published or worked out, put through whole jobs.

    vectors.py <qz> [vector ...]

Each vector of vectors.csv is one job in a folder of its own: the packs, the years, the cells of its
tables, and the entries that the ledger must hold. Ids are those of the project's reference sheet
(P: published or in public tests, D: derived there). A figure is compared to the digits in which it
was printed there, half away from zero; `=` before it asks for exactly that text.
"""

import collections
import csv
import json
import pathlib
import subprocess
import sys
import tempfile
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

HERE = pathlib.Path(__file__).resolve().parent


def cells(text):
    """`a=1 b=2` as a mapping."""
    return dict(part.split("=", 1) for part in text.split())


class Vector:
    """One id: its rows of the table, in the file's order."""

    def __init__(self, rows):
        self.rows = rows
        self.job = rows[0]
        self.given = collections.defaultdict(list)
        self.expected = []
        for row in rows:
            if row["given"]:
                self.given[row["table"]].append({**cells(row["key"]), **cells(row["given"])})
            for column, value in cells(row["expect"]).items():
                self.expected.append((row["table"], cells(row["key"]), column, value))

    def write(self, folder):
        tables = {}
        for name, rows in self.given.items():
            columns = list(dict.fromkeys(column for row in rows for column in row))
            with open(folder / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
            tables[name] = f"{name}.csv"
        registry = {"registry": tables.pop("moves")} if "moves" in tables else {}
        job = {"job": "vector", "cycle": {"id": "c", "years": self.job["years"].split()}, "as_of": self.job["as_of"],
               "packs": self.job["packs"].split(), "tables": tables, **registry}
        if self.job["parameters"]:
            job["parameters"] = json.loads(self.job["parameters"])
        (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")

    def problems(self, qz):
        with tempfile.TemporaryDirectory(prefix="vector-") as scratch:
            folder = pathlib.Path(scratch)
            self.write(folder)
            done = subprocess.run([qz, "run", str(folder / "job.json"), "--output", str(folder / "out")],
                                  capture_output=True, text=True, timeout=120)
            if done.returncode not in (0, 1):
                return [f"exit {done.returncode}: {done.stderr.strip()[:500]}"]
            ledger = json.loads((folder / "out/ledger.json").read_text(encoding="utf-8"))
        entries = {}
        for entity in ledger["entities"]:
            for one in entity["entries"]:
                key = {"entity": entity["entity"], **one["key"]}
                entries[one["table"], tuple(sorted(key.items())), one["column"]] = one["value"]
        for one in ledger["totals"]:                       # of areas and of the whole job
            entries[one["table"], tuple(sorted(one["key"].items())), one["column"]] = one["value"]
        return [problem for one in self.expected for problem in compare(entries, *one)]


def compare(entries, table, key, column, want):
    place = f"{table}.{column} ({', '.join(key.values())})"
    name = (table, tuple(sorted(key.items())), column)
    if want == "none":
        return [f"{place}: {entries[name]}, where nothing belongs"] if entries.get(name) is not None else []
    if entries.get(name) is None:
        return [f"{place}: no value, not {want}"]
    got = entries[name]
    if want.startswith("="):
        return [] if got == want[1:] else [f"{place}: {got}, not {want[1:]}"]
    if not want[-1].isdigit():
        return [] if got == want else [f"{place}: {got}, not {want}"]
    step = Decimal(1).scaleb(Decimal(want).as_tuple().exponent)
    return [] if Decimal(got).quantize(step, ROUND_HALF_UP) == Decimal(want) else [f"{place}: {got}, not {want}"]


def curve_problems(qz):
    """The four-step curve and its successor at 60 load factors, against fractions of our own."""
    rows, expected = [], {}
    for number in range(60):
        load = Fraction(4000 + number * 97, 100)            # per cent, 40.00 to 97.23
        for year, edge in (("2021", None), ("2023", 65)):
            expected[str(number), year] = four_steps(load) if edge is None else peak(load, edge)
        rows.append((str(number), f"{float(load):.2f}"))
    with tempfile.TemporaryDirectory(prefix="vector-") as scratch:
        folder = pathlib.Path(scratch)
        (folder / "unit.csv").write_text("entity,unit,class,cooling,chp\n" + "".join(
            f"A,{n},conventional_coal_above_300MW,water,false\n" for n, _ in rows), encoding="utf-8")
        (folder / "unit_year.csv").write_text("entity,unit,year,load_factor,emissions\n" + "".join(
            f"A,{n},{year},{load},1\n" for n, load in rows for year in ("2021", "2022", "2023")), encoding="utf-8")
        job = {"job": "curve", "cycle": {"id": "c", "years": ["2021", "2022", "2023"]}, "as_of": "2023-12-31",
               "packs": ["cn.cets.power.allocation"], "tables": {"unit": "unit.csv", "unit_year": "unit_year.csv"}}
        (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
        subprocess.run([qz, "run", str(folder / "job.json"), "--output", str(folder / "out")], capture_output=True,
                       timeout=120, check=False)
        ledger = json.loads((folder / "out/ledger.json").read_text(encoding="utf-8"))
    got = {(e["key"]["unit"], e["key"]["year"]): e["value"] for e in ledger["entities"][0]["entries"]
           if e["column"] == "load_correction"}
    return [f"load correction {key}: {got.get(key)}, not {value}" for key, value in expected.items()
            if got.get(key) != value]


def power(load):
    """1.015^(16 − 20F) to six places: F as a hundredth of a per cent gives a whole number of 1/500 steps."""
    exponent = 16 - load / 5
    root = Decimal("1.015") ** (Decimal(exponent.numerator) / Decimal(exponent.denominator))
    return str(root.quantize(Decimal("0.000001"), ROUND_HALF_UP))


def four_steps(load):
    if load >= 85:
        return "1.000000"
    if load < 75:
        return power(load)
    value = 1 + Fraction(14, 10000) * (85 - load) if load >= 80 else (
        Fraction(1007, 1000) + Fraction(16, 10000) * (80 - load))
    return f"{Decimal(value.numerator) / Decimal(value.denominator):.6f}"


def peak(load, edge):
    return "1.000000" if load >= edge else power(load)


def main(arguments):
    qz, wanted = str(pathlib.Path(arguments[0]).resolve()), arguments[1:]
    vectors = collections.defaultdict(list)
    with open(HERE / "vectors.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            vectors[row["id"]].append(row)
    failed = 0
    for name, rows in vectors.items():
        if wanted and name not in wanted:
            continue
        for problem in Vector(rows).problems(qz):
            failed += 1
            print(f"{name}: {problem}")
    for problem in [] if wanted else curve_problems(qz):
        failed += 1
        print(problem)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
