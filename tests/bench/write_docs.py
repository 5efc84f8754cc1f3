"""Writes docs/PERFORMANCE.md's measured part and its chart from tests/bench/report.json.

    python3 tests/bench/write_docs.py             write
    python3 tests/bench/write_docs.py --check     say whether they are what the report says

run_all.py --docs measures and calls this.
"""

import json
import pathlib
import sys

import growth_chart
import run_all

ROOT = run_all.ROOT
REPORT = run_all.HERE / "report.json"
PAGE = ROOT / "docs/PERFORMANCE.md"
CHART = ROOT / "docs/growth.svg"
BEGIN, END = "<!-- measured: written by tests/bench/write_docs.py -->\n", "<!-- measured: end -->\n"


def documents(report):
    """path -> text of each file that shows the report."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        sys.exit(f"{PAGE}: the lines {BEGIN.strip()} and {END.strip()} are not there")
    out = {PAGE: before + BEGIN + "\n" + run_all.markdown(report) + "\n" + END + after}
    growth = sorted((r for r in report["results"] if r["part"] == "growth"), key=lambda r: r["rows"])
    if len(growth) > 1:
        out[CHART] = growth_chart.growth_chart(growth)
    return out


def write(report):
    REPORT.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for path, text in documents(report).items():
        path.write_text(text, encoding="utf-8")


def main():
    report = json.loads(REPORT.read_text(encoding="utf-8"))
    if sys.argv[1:] == ["--check"]:
        other = [path for path, text in documents(report).items() if not path.exists() or path.read_text(encoding="utf-8") != text]
        for path in other:
            print(f"{path.relative_to(ROOT)} is not what tests/bench/report.json says (write it: python3 tests/bench/write_docs.py)")
        sys.exit(1 if other else 0)
    write(report)


if __name__ == "__main__":
    main()
