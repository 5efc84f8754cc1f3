#!/usr/bin/env python3
"""Scenarios files against their schema and against the reader, and results against theirs.

`schemas.py <qz>`: what the schema of scenarios accepts or refuses, the reader accepts or refuses, for every scenarios file of
the tree and for each of them with one member taken away, added, or of another kind. Results of the tree's files are valid.
"""

import copy
import json
import pathlib
import subprocess
import sys
import tempfile

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
FORM = {"malformed-scenarios", "unknown-member", "malformed-json"}      # of the file itself, not of what it names
OTHERS = [None, True, 5, "", [], {}, "no such word", {"unknown": 1}]
FREE = {"note", "measures", "uncertainty"}                              # read elsewhere, or by nobody
BASE = ROOT / "inputs/sample-one-boiler/job.json"


def validator(name):
    content = json.loads((ROOT / name).read_text(encoding="utf-8"))
    made = jsonschema.validators.validator_for(content)
    made.check_schema(content)
    return made(content)


def places(value, path=()):
    """Every place of a document, the root first."""
    yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inside:
        if name not in FREE:
            yield from places(one, path + (name,))


def at(document, path):
    for name in path:
        document = document[name]
    return document


def mutants(document):
    for path in places(document):
        if not path:
            continue
        taken = copy.deepcopy(document)
        del at(taken, path[:-1])[path[-1]]
        yield f"without {path}", taken
        for other in OTHERS:
            changed = copy.deepcopy(document)
            at(changed, path[:-1])[path[-1]] = other
            yield f"{path} = {json.dumps(other)}", changed
        if isinstance(at(document, path), dict):
            more = copy.deepcopy(document)
            at(more, path)["unknown"] = 1
            yield f"{path} with a member more", more


def asked(qz, folder, document):
    """(does the form hold, the exit code)"""
    path = folder / "s.json"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    done = subprocess.run([qz, "whatif", path, "--format", "json", "--only", "no such part"], capture_output=True, text=True,
                          timeout=60, check=False)
    codes = {one["code"] for one in json.loads(done.stdout)["findings"]}
    return not codes & FORM, codes


def compare_reader(qz, folder, schema, document):
    """Lines where schema and reader disagree."""
    for what, changed in [("as it is", document), *mutants(document)]:
        valid = schema.is_valid(changed)
        holds, codes = asked(qz, folder, changed)
        if valid != holds:
            yield f"{what}: the schema says {valid}, the reader {holds} {sorted(codes)}"


def small():
    """One of everything, on the smallest sample."""
    target = {"set": "fuel_month.mass", "where": "month = \"2022-01\"", "from": "2022-01-01", "until": "2022-12-31"}
    return {
        "base": str(BASE), "title": {"en": "all"}, "note": "n", "findings": True, "target": "1 < 2",
        "report": ["sum(fuel_month.CO2)", {"name": "r", "of": "sum(fuel_month.mass)", "unit": "t"}],
        "scenarios": [{"name": "a", "title": {"en": "A", "zh": "甲"}, "note": "n", "changes": [
            {**target, "plus": "-5[t]", "note": "n"}, {"pin": "demo.boiler@2"}]}],
        "sweep": {"scenario": "a", "vary": [{**target, "times": {"from": "1", "to": "2", "step": "0.5"}}, {**target, "to": ["1", 2]}]},
        "sensitivity": {"of": "sum(fuel_month.CO2)", "inputs": [{**target, "times": ["0.5", "2"], "title": {"en": "m"}}]},
        "seek": {"scenario": "a", "vary": target, "times": True, "until": "1 < 2", "step": "0.1", "between": ["0", "1"],
                 "take": "largest", "assume": "monotone"}}


def results(qz, schema):
    """Lines about results that are not as their schema says."""
    files = sorted(ROOT.glob("inputs/*/scenarios/*.json"))
    for path in files:
        done = subprocess.run([qz, "whatif", path, "--format", "json", "--threads", "2"], capture_output=True, text=True, timeout=600,
                              check=False)
        if done.returncode not in (0, 1):
            yield f"{path.name}: exit {done.returncode}: {done.stderr[:300]}"
            continue
        for error in schema.iter_errors(json.loads(done.stdout)):
            yield f"{path.name}: {'.'.join(map(str, error.absolute_path))}: {error.message[:200]}"


def main():
    qz = sys.argv[1]
    scenarios = validator("inputs/schema/scenarios-1.schema.json")
    found = []
    for path in sorted(ROOT.glob("inputs/*/scenarios/*.json")):
        found += [f"{path.name}: {error.message[:200]}" for error in scenarios.iter_errors(json.loads(path.read_text(encoding="utf-8")))]
    with tempfile.TemporaryDirectory() as folder:
        found += compare_reader(qz, pathlib.Path(folder), scenarios, small())
    found += results(qz, validator("outputs/schema/whatif-1.schema.json"))
    print("\n".join(found[:40]))
    print(f"{len(found)} differences")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
