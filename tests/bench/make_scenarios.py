"""Writes the job of bench.w3: 100 units, 12 months, ten figures a cell; the same bytes on any machine.

    python3 tests/bench/make_scenarios.py FOLDER [--table] [--packs]

Thirty formulas a cell make of them two figures, which are summed. Twelve numbers of the formulas are what scenarios
change: constants of the pack (bench.w3), or with --table the cells of a table of one row (bench.w3.table). --packs
writes both packs anew from the list of formulas below.
"""

import argparse
import json
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
UNITS, MONTHS, FIGURES = 100, 12, 10
NUMBERS = [5830, 9800, 7513, 9900, 8823, 5703, 1100, 1500, 20000, 685000, 9000, 4400]  # ten-thousandths
# i: a figure of the cell; k: one of the numbers; x: a formula above. Digits: what it is rounded to.
FORMULAS = [
    ("i0 * k0", 4), ("x0 * k1", 4), ("x1 * 44 / 12", 2), ("i1 * k2", 4), ("x3 * k3", 4), ("x4 * 44 / 12", 2), ("i2 * k4", 4),
    ("x6 * 44 / 12", 2), ("i7 * k11", 2), ("x2 + x5", None), ("x7 + x8", None), ("x9 + x10", None), ("x11 * k7", 2), ("x11 - x12", None),
    ("i4 - i5", None), ("max(x14, 0)", None), ("x15 * k5", 2), ("i3 * k6", 2), ("x16 + x17", None), ("x13 + x18", None), ("i6 * k8", 2),
    ("x20 * k10", 2), ("x19 - x21", None), ("max(x22, 0)", None), ("max(-x22, 0)", None), ("x23 * k9", 2), ("x24 * k9", 2),
    ("x25 - x26", None), ("if x22 > 0 then x25 else x27", None), ("x28 + x19", None)]


def mixed(z):
    """SplitMix64's output function."""
    mask = 2**64 - 1
    z = (z + 0x9E3779B97F4A7C15) & mask
    z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & mask
    z = ((z ^ z >> 27) * 0x94D049BB133111EB) & mask
    return z ^ z >> 31


def decimal(ten_thousandths):
    return f"{ten_thousandths // 10000}.{ten_thousandths % 10000:04d}"


def figure(cell, k):
    return mixed(cell * 16 + k) % (500_000_000 if k == 3 else 100_000_000)


def numbers_of(scenario):
    """What scenario `scenario` makes of the twelve numbers, in ten-thousandths."""
    return [base * (900 + mixed(scenario * 64 + k) % 201) // 1000 for k, base in enumerate(NUMBERS)]


def pack(name, numbers):
    def text(formula):
        return formula if numbers is None else "".join(f"setting.{part}" if part[0] == "k" else part for part in split(formula))

    def split(formula):
        out, word = [], ""
        for letter in formula + " ":
            if letter.isalnum():
                word += letter
                continue
            out += ([word] if word else []) + [letter]
            word = ""
        return out[:-1]

    columns = {f"i{k}": {"input": "number", "unit": "1", "decimals": 4} for k in range(FIGURES)}
    for k, (formula, digits) in enumerate(FORMULAS):
        columns[f"x{k}"] = {"unit": "1", "formula": text(formula)} | ({} if digits is None else {"round": digits})
    constants = {f"k{k}": {"value": decimal(value), "unit": "1"} for k, value in enumerate(NUMBERS)}
    tables = {"cell": {"key": ["unit", "month"], "columns": columns},
              "total": {"key": [], "columns": {"a": {"unit": "1", "formula": "sum(cell.x19)", "round": 4, "report": True},
                                               "b": {"unit": "1", "formula": "sum(cell.x29)", "round": 4, "report": True}}}}
    given = {"cell": [{"unit": "1", "month": "2024-01", **{f"i{k}": "0" for k in range(FIGURES)}, "i6": "1000"}]}
    out = {"pack": name, "version": "1",
           "title": {"en": "Thirty formulas and twelve numbers that scenarios change, for measuring speed", "zh": "三十个公式与十二个情景参数（测速用）"},
           "authority": "none: invented for measurement", "document": "invented", "applies": {"from": "2000-01-01"}, "rounding": "half-even"}
    if numbers is None:
        out["constants"] = constants
    else:
        tables["setting"] = {"key": [], "columns": {f"k{k}": {"input": "number", "unit": "1", "decimals": 4} for k in range(len(NUMBERS))}}
        given["setting"] = [{f"k{k}": decimal(value) for k, value in enumerate(NUMBERS)}]
    out["tables"] = tables
    out["examples"] = [{"name": "all is left over", "given": given,
                        "source": "by hand: 1000 × 2 × 0.9 = 1800 allotted, nothing emitted; 1800 × 68.5 = 123300, taken off: 0 − 123300",
                        "expect": {"total": [{"a": "0.0000", "b": "-123300.0000"}]}}]
    return out


def write_packs():
    for name, numbers in (("bench.w3", None), ("bench.w3.table", NUMBERS)):
        path = HERE / f"factors/packs/{name}/1.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(pack(name, numbers), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def make(folder, table=False):
    """The job file."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["unit,month," + ",".join(f"i{k}" for k in range(FIGURES))]
    for cell in range(UNITS * MONTHS):
        unit, month = divmod(cell, MONTHS)
        lines.append(f"{unit},2024-{month + 1:02d}," + ",".join(decimal(figure(cell, k)) for k in range(FIGURES)))
    (folder / "cell.csv").write_text("\n".join(lines) + "\n", encoding="ascii")
    job = {"job": "bench-scenarios", "subject": "unit", "cycle": {"id": "bench", "years": ["2024"]}, "as_of": "2024-12-31",
           "packs": ["bench.w3.table" if table else "bench.w3"], "tables": {"cell": "cell.csv"}}
    if table:
        job["tables"]["setting"] = "setting.csv"
        names = [f"k{k}" for k in range(len(NUMBERS))]
        (folder / "setting.csv").write_text(",".join(names) + "\n" + ",".join(map(decimal, NUMBERS)) + "\n", encoding="ascii")
    path = folder / "job.json"
    path.write_text(json.dumps(job, indent=2) + "\n", encoding="utf-8")
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--table", action="store_true", help="the numbers are cells, not constants")
    parser.add_argument("--packs", action="store_true", help="write the packs too")
    arguments = parser.parse_args()
    if arguments.packs:
        write_packs()
    print(make(arguments.folder, arguments.table))


if __name__ == "__main__":
    main()
