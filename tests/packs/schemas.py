#!/usr/bin/env python3
"""Every pack, factor table and job of the tree against its JSON Schema, by an independent validator."""

import json
import pathlib
import sys

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
KINDS = [("factors/schema/pack.schema.json", "factors/packs/*/*.json"),
         ("factors/schema/table.schema.json", "factors/tables/*/*/datapackage.json"),
         ("factors/schema/units.schema.json", "factors/units/*.json"),
         ("inputs/schema/job-1.schema.json", "inputs/*/job.json")]


def problems():
    for schema, pattern in KINDS:
        content = json.loads((ROOT / schema).read_text(encoding="utf-8"))
        validator = jsonschema.validators.validator_for(content)(content)
        for path in sorted(ROOT.glob(pattern)):
            for error in validator.iter_errors(json.loads(path.read_text(encoding="utf-8"))):
                place = ".".join(map(str, error.absolute_path))
                yield f"{path.relative_to(ROOT).as_posix()}: {place}: {error.message[:300]}"


if __name__ == "__main__":
    FOUND = list(problems())
    print("\n".join(FOUND))
    sys.exit(1 if FOUND else 0)
