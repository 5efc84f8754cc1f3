"""Writes a job of generated rows: the same bytes for the same arguments, on any machine.

    python3 tests/bench/make_job.py ROWS FOLDER [--pack bench.combustion|bench.ledger|bench.w1|bench.shapes]
                                                [--activity rows.csv]

bench.combustion and bench.ledger have rows of facilities of 4 units × 4 fuels × 24 months each, so that
keys are unique; one row in eight has no measured carbon content and takes the factor table's.
bench.w1 and bench.shapes have rows without a key of their own, a thousand for each facility on the average:
what other programs are measured with. `--activity` takes such a file that is there already.
"""

import argparse
import json
import multiprocessing
import os
import pathlib
import shutil

FUELS = ["coal_a", "coal_b", "oil", "gas"]
MONTHS = [f"{year}-{month:02d}" for year in (2021, 2022) for month in range(1, 13)]
COLUMNS = "facility_id,unit_id,month,fuel,consumption,carbon_content,oxidation_rate\n"
HERE = pathlib.Path(__file__).resolve().parent


def numbers(seed):
    """A 64-bit linear congruential sequence (Knuth's MMIX constants); the high bits are used."""
    state = seed
    while True:
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        yield state >> 33


def fuel_months(count):
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


def fuels():
    """Name and carbon content, in ten-thousandths, of each fuel of bench.w1."""
    lines = (HERE / "factors/tables/bench.w1/1/w1.csv").read_text(encoding="ascii").splitlines()[1:]
    return [(name, int(carbon.partition(".")[2])) for name, carbon in (line.split(",")[:2] for line in lines)]


# The sequence of bench.w1 is SplitMix64, whose n-th number needs none before it: pieces are made side by side.
DRAWS = 9
GAMMA = 0x9E3779B97F4A7C15


def activity(part):
    """The rows first … last - 1 of `count`, as one text."""
    first, last, count = part
    state = 20240601 + first * DRAWS * GAMMA
    facilities = max(1, count // 1000)
    known, out = fuels(), []

    def below(bound):
        nonlocal state
        state = (state + GAMMA) & 0xFFFFFFFFFFFFFFFF
        z = ((state ^ state >> 30) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
        z = ((z ^ z >> 27) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
        return ((z ^ z >> 31) >> 32) * bound >> 32

    for i in range(first, last):
        facility, unit, fuel = below(facilities), 1 + below(20), below(len(known))
        hundredths = 1 + below(10 ** (3 + below(5)) - 1)  # of a tonne: 0.01 t to 100 000 t
        carbon = known[fuel][1] + below(801) - 400
        oxidation = 880 + below(121)  # tenths of a percent
        missing = below(8) == 0
        if below(500) == 0:  # x.x2 t × 0.75 × 44/12 ends in an exact half
            carbon, oxidation, missing, hundredths = 7500, 1000, False, hundredths // 10 * 10 + 2
        content = "" if missing else f"0.{carbon:04d}"
        out.append(f"F{facility:06d},U{unit:02d},2024-{1 + i * 12 // count:02d},{known[fuel][0]},"
                   f"{hundredths // 100}.{hundredths % 100:02d},{content},{oxidation // 10}.{oxidation % 10}\n")
    return "".join(out)


def write_activity(count, path):
    piece = 50_000
    parts = [(first, min(first + piece, count), count) for first in range(0, count, piece)]
    with open(path, "w", encoding="ascii", newline="") as out:
        out.write(COLUMNS)
        if len(parts) == 1:
            out.write(activity(parts[0]))
            return
        with multiprocessing.Pool() as pool:
            for text in pool.imap(activity, parts):
                out.write(text)


def take(source, path):
    """A second name for the file where the disk allows it, else a copy: a job reads only from its folder."""
    path.unlink(missing_ok=True)
    try:
        os.link(source, path)
    except OSError:
        shutil.copyfile(source, path)


def make(rows, folder, pack, given=None):
    """The job file of a new job of `rows` rows."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    job = {"job": f"bench-{rows}", "cycle": {"id": "bench", "years": ["2021", "2022"]}, "as_of": "2022-12-31",
           "packs": [pack], "tables": {"fuel_month": "fuel_month.csv"}}
    if pack in ("bench.w1", "bench.shapes"):
        job |= {"subject": "facility_id", "cycle": {"id": "bench", "years": ["2024"]}, "as_of": "2024-12-31",
                "tables": {"activity": "activity.csv"}}
        if given:
            take(given, folder / "activity.csv")
        else:
            write_activity(rows, folder / "activity.csv")
    else:
        with open(folder / "fuel_month.csv", "w", encoding="ascii", newline="") as out:
            out.write("entity,unit,fuel,month,FC,C_ar,OF\n")
            out.writelines(fuel_months(rows))
    path = folder / "job.json"
    path.write_text(json.dumps(job, indent=2) + "\n", encoding="utf-8")
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", type=int)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--pack", default="bench.combustion", choices=["bench.combustion", "bench.ledger", "bench.w1", "bench.shapes"])
    parser.add_argument("--activity", type=pathlib.Path, help="a CSV file of bench.w1 that is there already")
    arguments = parser.parse_args()
    make(arguments.rows, arguments.folder, arguments.pack, arguments.activity)


if __name__ == "__main__":
    main()
