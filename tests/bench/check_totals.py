"""Compares the facility totals of a bench.w1 ledger with a reference, digit by digit.

    python3 tests/bench/check_totals.py outputs/ledger.json reference.json

The reference has one JSON object a line (or one array of them) with facility, CO2, CH4 and N2O, whose numbers are
read as decimals. 1.10 equals 1.1; nothing else is forgiven.
Ends with 1 and the first differences if any cell differs or is missing on either side.
"""

import decimal
import json
import sys

GASES = ("CO2", "CH4", "N2O")


def reference(path):
    text = open(path, encoding="utf-8").read().strip()
    rows = (json.loads(text, parse_float=decimal.Decimal) if text.startswith("[")
            else [json.loads(line, parse_float=decimal.Decimal) for line in text.splitlines()])
    return {(row.get("facility", row.get("facility_id")), gas): decimal.Decimal(row[gas]) for row in rows for gas in GASES}


def ledger(path):
    entities = json.load(open(path, encoding="utf-8"))["entities"]
    return {(entity["entity"], entry["column"]): decimal.Decimal(entry["value"])
            for entity in entities for entry in entity["entries"] if entry["table"] == "facility_year"}


def differences(ledger_path, reference_path):
    """Number of cells compared, and the lines that tell the differences."""
    ours, theirs = ledger(ledger_path), reference(reference_path)
    wrong = [f"{facility} {gas}: {ours.get((facility, gas), 'missing')}, the reference has {theirs.get((facility, gas), 'none')}"
             for facility, gas in sorted(ours.keys() | theirs.keys())
             if ours.get((facility, gas)) != theirs.get((facility, gas))]
    return len(theirs), wrong


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    cells, wrong = differences(sys.argv[1], sys.argv[2])
    for line in wrong[:10]:
        print(line)
    print(f"{cells} cells compared, {len(wrong)} differ")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
