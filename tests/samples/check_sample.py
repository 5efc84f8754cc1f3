#!/usr/bin/env python3
"""What always holds of a ledger, checked on a sample job.

    check_sample.py <qz> <sample> <check>

    golden     outputs/<sample> comes out byte for byte (QZ_ACCEPT=1 writes it)
    schemas    xmllint and an independent JSON Schema validator accept the ledgers
    threads    1, 2 and 8 threads give the same bytes
    shuffled   rows in another order give the same entries and totals
    verified   the seal of both files holds, with one root, and a recomputation agrees
    flipped    any byte changed in a ledger makes verify exit 4
"""

import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
FILES = ("ledger.json", "ledger.xml", "findings.json")
FLIPS = 40
SEED = 20221231


def qz_run(qz, job, output, *more):
    done = subprocess.run([qz, "run", str(job), "--output", str(output), *more], capture_output=True,
                          text=True)
    if done.returncode not in (0, 1):
        raise SystemExit(f"qz run {job}: exit {done.returncode}\n{done.stderr}")


def job_of(sample):
    return ROOT / "inputs" / sample / "job.json"


def check_golden(qz, sample, scratch):
    qz_run(qz, job_of(sample), scratch)
    golden = ROOT / "outputs" / sample
    if os.environ.get("QZ_ACCEPT") == "1":
        golden.mkdir(exist_ok=True)
        for name in FILES:
            shutil.copyfile(scratch / name, golden / name)
    for name in FILES:
        want = golden / name
        if not want.exists():
            yield f"outputs/{sample}/{name} is missing: write it with QZ_ACCEPT=1 and look at it"
        elif want.read_bytes() != (scratch / name).read_bytes():
            diff = subprocess.run(["diff", str(want), str(scratch / name)], capture_output=True, text=True)
            lines = [line[:200] for line in diff.stdout.splitlines()[:20]]
            yield f"outputs/{sample}/{name} comes out otherwise:\n" + "\n".join(lines)


def check_schemas(qz, sample, scratch):
    qz_run(qz, job_of(sample), scratch)
    schemas = ROOT / "outputs/schema"
    for xsd in sorted(schemas.glob("ledger-*.xsd")):
        done = subprocess.run(["xmllint", "--noout", "--schema", str(xsd), str(scratch / "ledger.xml")],
                              capture_output=True, text=True)
        if done.returncode != 0:
            yield f"xmllint refuses the ledger:\n{done.stderr[:2000]}"
    import jsonschema
    found = sorted(schemas.glob("ledger-*.json"))
    if not found:
        yield "outputs/schema has no JSON Schema of the ledger"
    for path in found:
        schema = json.loads(path.read_text(encoding="utf-8"))
        validator = jsonschema.validators.validator_for(schema)
        validator.check_schema(schema)
        ledger = json.loads((scratch / "ledger.json").read_text(encoding="utf-8"))
        for error in list(validator(schema).iter_errors(ledger))[:10]:
            yield f"ledger.json: {list(error.absolute_path)}: {error.message[:300]}"


def check_threads(qz, sample, scratch):
    for threads in ("1", "2", "8"):
        qz_run(qz, job_of(sample), scratch / threads, "--threads", threads)
    for name in FILES:
        first = (scratch / "1" / name).read_bytes()
        for threads in ("2", "8"):
            if (scratch / threads / name).read_bytes() != first:
                yield f"{name}: {threads} threads give other bytes than one"


def shuffle_csv(path, order):
    """Rows in another order; a quoted line break would need more care, so such files stay."""
    raw = path.read_bytes()
    if b'"' in raw:
        return
    lines = raw.splitlines(keepends=True)
    if lines and not lines[-1].endswith(b"\n"):
        lines[-1] += b"\n"
    head, rows = lines[:1], lines[1:]
    order.shuffle(rows)
    path.write_bytes(b"".join(head + rows))


def figures(folder):
    ledger = json.loads((folder / "ledger.json").read_text(encoding="utf-8"))
    return [(e["entity"], e["entries"]) for e in ledger["entities"]], ledger["totals"]


def check_shuffled(qz, sample, scratch):
    qz_run(qz, job_of(sample), scratch / "as-is")
    copy = scratch / "inputs"
    shutil.copytree(job_of(sample).parent, copy)
    said = json.loads((copy / "job.json").read_text(encoding="utf-8"))
    if "previous" in said:
        before = (job_of(sample).parent / said["previous"]).resolve()
        said["previous"] = os.path.relpath(before, copy)
        (copy / "job.json").write_text(json.dumps(said), encoding="utf-8")
    order = random.Random(SEED)
    for path in sorted(copy.rglob("*.csv")):
        shuffle_csv(path, order)
    qz_run(qz, copy / "job.json", scratch / "shuffled")
    if figures(scratch / "as-is") != figures(scratch / "shuffled"):
        yield "rows in another order give other entries"


def verify(qz, ledger, *more):
    return subprocess.run([qz, "verify", str(ledger), *more], capture_output=True, text=True)


def check_verified(qz, sample, scratch):
    qz_run(qz, job_of(sample), scratch)
    roots = set()
    for name in ("ledger.json", "ledger.xml"):
        done = verify(qz, scratch / name, "--format", "json", "--job", str(job_of(sample)))
        if done.returncode != 0:
            yield f"{name}: verify exits {done.returncode}: {done.stdout}{done.stderr}"
            continue
        result = json.loads(done.stdout)
        roots.add((result["root"], result["leaves"]))
        if not result["recomputed"] or not result["agrees"]:
            yield f"{name}: the recomputation does not agree"
    if len(roots) != 1:
        yield f"the two ledgers prove different roots: {sorted(roots)}"


def check_flipped(qz, sample, scratch):
    qz_run(qz, job_of(sample), scratch)
    chance = random.Random(SEED)
    for name in ("ledger.json", "ledger.xml"):
        good = (scratch / name).read_bytes()
        flipped = scratch / ("flipped-" + name)
        places = {0, len(good) // 2} | {chance.randrange(len(good)) for _ in range(FLIPS)}
        for at in sorted(places):
            bad = bytearray(good)
            bad[at] ^= 1 << chance.randrange(8)
            if {bad[at], good[at]} <= set(b" \t\r\n") and name == "ledger.json":
                continue                              # white space between JSON tokens is free
            flipped.write_bytes(bad)
            code = verify(qz, flipped).returncode
            if code != 4:
                yield f"{name}: byte {at} changed from {good[at]:#x} to {bad[at]:#x}: exit {code}, not 4"


CHECKS = {"golden": check_golden, "schemas": check_schemas, "threads": check_threads,
          "shuffled": check_shuffled, "verified": check_verified, "flipped": check_flipped}


def main(qz, sample, check):
    with tempfile.TemporaryDirectory(prefix="sample-") as scratch:
        problems = list(CHECKS[check](qz, sample, pathlib.Path(scratch)))
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
