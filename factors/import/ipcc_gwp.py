"""ipcc.gwp: the published collection in, the rows of tables/ipcc.gwp/1/gwp.csv out.

    python3 factors/import/ipcc_gwp.py globalwarmingpotentials.csv > gwp.csv

The sheet is globalwarmingpotentials.csv, version 0.13.1, of github.com/openclimatedata/globalwarmingpotentials
(CC0). A sheet with another digest is refused: a new sheet makes a new version of the table.
"""

import csv
import hashlib
import io
import sys

SHEET = "9b80412cb5aeeb91038ef84145a10cdab0ab202cbb623cb14d2ec35ec2454f36"

SETS = {
    "SAR": ("SARGWP100", "second assessment report"),
    "TAR": ("TARGWP100", "third assessment report"),
    "AR4": ("AR4GWP100", "fourth assessment report"),
    "AR5": ("AR5GWP100", "fifth assessment report"),
    "AR5_feedback": ("AR5CCFGWP100", "fifth assessment report, with climate-carbon feedback"),
    "AR6": ("AR6GWP100", "sixth assessment report"),
}

# Not in the sheet: methane by origin, recalled.
METHANE = {
    "AR5": (("CH4_fossil", "30"), ("CH4_nonfossil", "28")),
    "AR5_feedback": (("CH4_fossil", "36"), ("CH4_nonfossil", "34")),
    "AR6": (("CH4_fossil", "29.8"), ("CH4_nonfossil", "27.0")),
}


def rows(sheet):
    gases = list(csv.DictReader(line for line in io.StringIO(sheet) if not line.startswith("#")))
    for name, (column, report) in SETS.items():
        yield name, "CO2", "1", "the reference gas, by definition", "verified"
        source = (f"global warming potential over 100 years, IPCC {report}, "
                  "as collected in openclimatedata/globalwarmingpotentials 0.13.1")
        for gas in gases:
            if gas[column]:
                yield name, gas["Species"], gas[column], source, "verified"
        for gas, value in METHANE.get(name, ()):
            yield name, gas, value, f"IPCC {report}, as recalled", "recalled"


def main():
    with open(sys.argv[1], "rb") as file:
        content = file.read()
    found = hashlib.sha256(content).hexdigest()
    if found != SHEET:
        sys.exit(f"{sys.argv[1]}: digest {found}, expected {SHEET}")
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["set", "gas", "gwp", "source", "status"])
    out.writerows(rows(content.decode("utf-8")))


if __name__ == "__main__":
    main()
