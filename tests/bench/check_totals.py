"""Compares the facility totals of a bench.w1 ledger with a reference, digit by digit.

    python3 tests/bench/check_totals.py outputs/ledger.json reference.json
    python3 tests/bench/check_totals.py outputs/ledger.json activity.csv

The reference is another program's answer, one JSON object a line (or one array of them) with facility, CO2, CH4 and
N2O, whose numbers are read as decimals: 1.10 equals 1.1, nothing else is forgiven. Or it is worked out here from the
rows, in integers. Ends with 1 and the first differences if any cell differs or is missing on either side.
"""

import decimal
import json
import pathlib
import sys

GASES = ("CO2", "CH4", "N2O")


def half_even(numerator, divisor):
    whole, rest = divmod(numerator, divisor)
    return whole + (2 * rest > divisor or 2 * rest == divisor and whole % 2)


def from_rows(path):
    """The totals of a CSV file whose amounts have two decimals, carbon contents four and rates one."""
    table = pathlib.Path(__file__).resolve().parent / "factors/tables/bench.w1/1/w1.csv"
    factors = {}
    for line in table.read_text(encoding="ascii").splitlines()[1:]:
        fuel, *values = line.split(",")[:4]
        factors[fuel] = [int(value.replace(".", "")) for value in values]
    totals = {}
    with open(path, encoding="ascii") as rows:
        next(rows)
        for row in rows:
            facility, _, _, fuel, amount, content, rate = row.rstrip("\n").split(",")
            carbon, ch4, n2o = factors[fuel]
            tonnes = int(amount.replace(".", ""))
            measured = int(content.replace(".", "")) if content else carbon
            total = totals.setdefault(facility, [0, 0, 0])
            # hundredths, ten-thousandths and tenths of a percent, times 44/12, in hundredths
            total[0] += half_even(tonnes * measured * int(rate.replace(".", "")) * 11, 3 * 10**7)
            total[1] += half_even(tonnes * ch4, 10**4)
            total[2] += half_even(tonnes * n2o, 10**4)
    return {(facility, gas): decimal.Decimal(value).scaleb(-2)
            for facility, values in totals.items() for gas, value in zip(GASES, values)}


def reference(path):
    if str(path).endswith(".csv"):
        return from_rows(path)
    text = pathlib.Path(path).read_text(encoding="utf-8").strip()
    rows = (json.loads(text, parse_float=decimal.Decimal) if text.startswith("[")
            else [json.loads(line, parse_float=decimal.Decimal) for line in text.splitlines()])
    return {(row.get("facility", row.get("facility_id")), gas): decimal.Decimal(row[gas]) for row in rows for gas in GASES}


def ledger(path):
    entities = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))["entities"]
    return {(entity["entity"], entry["column"]): decimal.Decimal(entry["value"])
            for entity in entities for entry in entity["entries"] if entry["table"] == "facility_year"}


def differences(ours, theirs):
    """The lines that tell where two answers differ."""
    return [f"{facility} {gas}: {ours.get((facility, gas), 'missing')}, the reference has {theirs.get((facility, gas), 'none')}"
            for facility, gas in sorted(ours.keys() | theirs.keys())
            if ours.get((facility, gas)) != theirs.get((facility, gas))]


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    theirs = reference(sys.argv[2])
    wrong = differences(ledger(sys.argv[1]), theirs)
    for line in wrong[:10]:
        print(line)
    print(f"{len(theirs)} cells compared, {len(wrong)} differ")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
