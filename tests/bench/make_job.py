"""Writes a job of generated fuel_month rows: the same bytes for the same arguments, on any machine.

    python3 tests/bench/make_job.py ROWS FOLDER [--pack bench.combustion]

Rows belong to facilities of 4 units × 4 fuels × 24 months each, so that keys are unique; one row in
eight has no measured carbon content and takes the factor table's.
"""

import argparse
import json
import pathlib

FUELS = ["coal_a", "coal_b", "oil", "gas"]
MONTHS = [f"{year}-{month:02d}" for year in (2021, 2022) for month in range(1, 13)]


def numbers(seed):
    """A 64-bit linear congruential sequence (Knuth's MMIX constants); the high bits are used."""
    state = seed
    while True:
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        yield state >> 33


def rows(count):
    draw = numbers(20240601)
    per_facility = 4 * len(FUELS) * len(MONTHS)
    for i in range(count):
        facility, rest = divmod(i, per_facility)
        unit, rest = divmod(rest, len(FUELS) * len(MONTHS))
        fuel, month = divmod(rest, len(MONTHS))
        amount, carbon, oxidation = next(draw), next(draw), next(draw)
        consumption = f"{amount % 99999}.{amount // 99999 % 100:02d}"
        content = "" if carbon % 8 == 0 else f"0.{300000 + carbon % 600000}"
        yield f"F{facility:06d},{unit + 1},{FUELS[fuel]},{MONTHS[month]},{consumption},{content},{90 + oxidation % 10}.{oxidation // 10 % 10}\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", type=int)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--pack", default="bench.combustion")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    with open(arguments.folder / "fuel_month.csv", "w", encoding="ascii", newline="") as out:
        out.write("entity,unit,fuel,month,FC,C_ar,OF\n")
        out.writelines(rows(arguments.rows))
    job = {"job": f"bench-{arguments.rows}", "cycle": {"id": "bench", "years": ["2021", "2022"]}, "as_of": "2022-12-31",
           "packs": [arguments.pack], "tables": {"fuel_month": "fuel_month.csv"}}
    (arguments.folder / "job.json").write_text(json.dumps(job, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
