#!/usr/bin/env python3
"""Schemes of other places, invented: each a pack and a job, run by qz and by the reference evaluator.

    schemes.py <qz> [scheme ...]

A folder holds `pack*.json` and perhaps tables/, a job with its files, and `expected.csv`: entries worked by hand
(entity, table, key, column, value; an empty value is missing or not applicable) and findings (a code in `value`, where
table is `findings`). Every entry there must be in the ledger of qz; all entries and findings of qz must be those of the reference
evaluator. The packs' own examples must hold too.
"""

import csv
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "property"))

import compare                                                  # noqa: E402


def lay_out(scheme, folder):
    """The folder as compare.py wants it: factors/ and job/."""
    for path in sorted(scheme.glob("pack*.json")):
        pack = json.loads(path.read_text(encoding="utf-8"))
        to = folder / "factors" / "packs" / pack["pack"] / f"{pack['version']}.json"
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, to)
    for name in ("tables", "units"):
        if (scheme / name).is_dir():
            shutil.copytree(scheme / name, folder / "factors" / name)
    (folder / "job").mkdir()
    for path in scheme.iterdir():
        if path.is_file() and path.name != "expected.csv" and not path.name.startswith("pack"):
            shutil.copy(path, folder / "job")


def expected_differences(scheme, ledger):
    entries = compare.flat(ledger)
    codes = {(entity["entity"], one["code"]) for entity in ledger["entities"] for one in entity["findings"]}
    codes |= {("", one["code"]) for one in ledger["findings"]}
    with open(scheme / "expected.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["table"] == "findings":
                if (row["entity"], row["value"]) not in codes:
                    yield f"no finding {row['value']} of {row['entity']}"
                continue
            found = entries.get((row["entity"], row["table"], row["key"], row["column"]), {}).get("value")
            if found != (row["value"] or None):
                yield f"{row['entity']} {row['table']} {row['key']} {row['column']}: {found}, not {row['value'] or 'nothing'}"


def told(ledger):
    """As compare.py tells it; the reference does not say where a move stands."""
    found = {}
    for (code, severity, *place), count in compare.told(ledger).items():
        place = [""] * len(place) if code.startswith("move-") else place
        found[code, severity, *place] = found.get((code, severity, *place), 0) + count
    return found


def problems(qz, scheme):
    with tempfile.TemporaryDirectory(prefix="scheme-") as scratch:
        folder = pathlib.Path(scratch)
        lay_out(scheme, folder)
        for pack in sorted((folder / "factors" / "packs").iterdir()):
            done = subprocess.run([qz, "packs", "test", pack.name, "--factors", folder / "factors"], capture_output=True, text=True,
                                  timeout=60, check=False)
            if done.returncode:
                return [done.stderr.strip() + done.stdout.strip()]
        how, ledger = compare.engine(qz, folder)
        if how != "done":
            return [f"qz: {how}: {ledger}"]
        found = list(expected_differences(scheme, ledger))
        how, answer = compare.reference(folder)
        if how != "done":
            return [*found, f"the reference: {how}: {answer}"]
        one, other = compare.flat(answer[0]), compare.flat(ledger)
        found += compare.entry_differences(one, other, sorted(set(one) | set(other)), 20)
        return found + compare.finding_differences(told(answer[0]), told(ledger), other, 20)


def main(arguments):
    qz, wanted = str(pathlib.Path(arguments[0]).resolve()), arguments[1:]
    failed = 0
    for scheme in sorted(p.parent for p in HERE.glob("*/job.json")):
        if wanted and scheme.name not in wanted:
            continue
        for problem in compare.with_deep_stack(lambda of=scheme: problems(qz, of)):
            failed += 1
            print(f"{scheme.name}: {problem}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
