"""Random scenarios through `qz whatif` and by hand: changes applied to the reference's inputs, all recomputed from scratch.

`whatif.py --qz PATH --seeds 1..40` takes the random jobs of generate.py, draws changes of inputs, factors and constants, and
compares every reported cell that moved: that it moved, its value, its difference and the part of each change. Parts are the
mean over all orders of the changes, order by order, which is how the Shapley value is defined and not how qz works it out.

Identities, asked of qz alone: no change moves nothing; a change and its inverse give the base; the parts of each difference
sum to it; changes of different cells commute; one thread and two, and both ways to compute, give the same bytes.
"""

import argparse
import datetime
import itertools
import json
import pathlib
import random
import subprocess
import sys
from fractions import Fraction

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
sys.path[:0] = [str(HERE), str(HERE.parent / "reference")]

from compare import place_for, with_deep_stack                  # noqa: E402
from generate import Maker                                      # noqa: E402
from job import Job, Refused                                    # noqa: E402
from packs import Library                                       # noqa: E402
from reading import Cell                                        # noqa: E402
from rows import shown                                          # noqa: E402
from units import Units                                         # noqa: E402
from values import NA, Err, Problem, is_value                   # noqa: E402

SECONDS = 120
FACTORS = ["1/2", "0.9", "1.25", "2", "0.001", "-1"]


def library_of(folder):
    units = Units()
    units.load(REPOSITORY / "factors")
    return Library([folder / "factors"], units)


def tables_of(library):
    """The factor tables that packs have asked for, by "id@version"."""
    return {table.name: table for table in library.loaded.values()}


def cells_of(run, table, column):
    """Rows of a column that a change may touch, with their values: inputs of the row's own edition, in the cycle."""
    found = []
    for row in run.data[table].values():
        edition, made = (None, None) if row.context else run.definition(row, column)
        if edition is None or made is None or made.input is None:
            continue
        found.append((row, made, run.cell(row, column).value))
    return found


def ranged(made, value):
    """What a number that does not fit becomes."""
    inside = value / made.unit.ratio
    if made.minimum is not None and inside < made.minimum or made.maximum is not None and inside > made.maximum:
        return Err("out-of-range")
    return value


def altered(change, value, unit):
    amount = Fraction(change["amount"])
    if change["action"] == "times":
        return value * amount
    return (value if change["action"] == "plus" else 0) + amount * unit.ratio


def run_with(folder, changes, touched):
    """The job from scratch, with `changes` (those of the file, in its order) made by hand."""
    library = library_of(folder)
    for change in changes:
        if change["kind"] == "constant":
            edition = library.editions[change["pack"]][change["version"]]
            value, unit = edition.constants[change["name"]]
            edition.constants[change["name"]] = (altered(change, value, unit), unit)
        elif change["kind"] == "factor":
            table = tables_of(library)[change["table"]]
            for row in table.rows:
                if is_value(row[change["field"]]) and holds_factor(change, row):
                    row[change["field"]] = altered(change, row[change["field"]], table.fields[change["field"]].unit)
    run = Job(library, folder / "job" / "job.json").run()
    now = {}
    for change in changes:
        if change["kind"] != "cells":
            continue
        for identity, value in touched[change["at"]].items():
            row = run.data[change["table"]][identity]
            made = run.definition(row, change["column"])[1]
            place = (change["table"], change["column"], identity)
            now[place] = altered(change, now.get(place, value), change["unit_object"])
            row.cells[change["column"]] = Cell(ranged(made, now[place]), "", made.unit.text, None)
    run.clear()
    return run


def holds_factor(change, row):
    return change["key"] is None or row[change["key"][0]] == change["key"][1]


def reported(run):
    """{(table, key, column): (value, unit ratio)} of every reported cell."""
    found = {}
    for table, rows in run.data.items():
        for row in rows.values():
            if row.context:
                continue
            for column in run.world.tables[table].columns:
                edition, made = run.definition(row, column)
                if edition is None:
                    made = next(iter(run.world.tables[table].columns[column].values()))
                if made is None or not any(d.report for d in run.world.tables[table].columns[column].values()):
                    continue
                key = tuple((k, shown(v)) for k, v in row.key.items())
                value = run.cell(row, column).value
                found[table, key, column] = (value, made.unit.ratio if made.unit else None)
    return found


def comparable(value):
    return ("error", value.code) if isinstance(value, Err) else value


class Draw:
    """Random changes of one job."""

    def __init__(self, seed, run, library):
        self.rng = random.Random(seed * 7919 + 1)
        self.run, self.library = run, library

    def cells(self, number):
        rng, world = self.rng, self.run.world
        choices = [(t, c) for t, table in world.tables.items() for c, made in table.columns.items()
                   if any(d.input == "number" for d in made.values())]
        table, column = rng.choice(sorted(choices))
        rows = cells_of(self.run, table, column)
        made = next(d for d in world.tables[table].columns[column].values() if d.input == "number")
        change = {"kind": "cells", "table": table, "column": column, "set": f"{table}.{column}", "at": number}
        texts = [k for k in world.tables[table].key if any(isinstance(r.key[k], str) for r, _, _ in rows)]
        if rows and texts and rng.random() < 0.6:
            name = rng.choice(texts)
            value = rng.choice(rows)[0].key[name]
            change["where"] = f"{name} = {json.dumps(value, ensure_ascii=False)}"
            rows = [r for r in rows if r[0].key[name] == value]
        self.how(change)
        change["unit"] = made.unit.text
        change["unit_object"] = made.unit
        return change, {row.identity: value for row, _, value in rows if is_value(value)}

    def constant(self):
        first, last = datetime.date(self.run.cycle.years[0], 1, 1), datetime.date(self.run.cycle.years[-1], 12, 31)
        meets = [e for es in self.run.world.editions.values() for e in es
                 if (e.first is None or e.first <= last) and (e.last is None or e.last >= first)]
        editions = [e for e in meets if e.constants]
        if not editions:
            return None
        edition = self.rng.choice(editions)
        name = self.rng.choice(sorted(edition.constants))
        change = {"kind": "constant", "pack": edition.pack, "version": edition.version, "name": name,
                  "set": f"{edition.pack}@{edition.version}/{name}"}
        self.how(change)
        change["unit"] = edition.constants[name][1].text
        return change

    def factor(self):
        tables = sorted({t.name for es in self.run.world.editions.values() for e in es for t in e.factors.values()})
        if not tables:
            return None
        name = self.rng.choice(tables)
        table = tables_of(self.library)[name]
        fields = [f for f, made in table.fields.items() if made.kind == "number" and f not in table.keys]
        if not fields:
            return None
        change = {"kind": "factor", "table": name, "field": self.rng.choice(fields), "key": None}
        change["set"] = f"{name}.{change['field']}"
        texts = [k for k in table.keys if table.fields[k].kind == "text"]
        if texts and self.rng.random() < 0.5:
            key = self.rng.choice(texts)
            change["key"] = (key, self.rng.choice(table.rows)[key])
            change["where"] = f"{key} = {json.dumps(change['key'][1], ensure_ascii=False)}"
        self.how(change)
        change["unit"] = table.fields[change["field"]].unit.text
        if not any(is_value(row[change["field"]]) and holds_factor(change, row) for row in table.rows):
            return None
        return change

    def how(self, change):
        change["action"] = self.rng.choice(["times", "times", "plus", "to"])
        change["amount"] = self.rng.choice(FACTORS)


def written(change):
    unit = "" if change["action"] == "times" else f"[{change['unit']}]"
    made = {"set": change["set"], change["action"]: change["amount"] + unit}
    return {**made, "where": change["where"]} if "where" in change else made


def ask(qz, folder, scenarios, *more, code=0):
    path = folder / "job" / "scenarios.json"
    path.write_text(json.dumps({"base": "job.json", "findings": False, "scenarios": scenarios}, ensure_ascii=False), encoding="utf-8")
    done = subprocess.run([qz, "whatif", path, "--factors", folder / "factors", "--format", "json", *more], capture_output=True,
                          text=True, timeout=SECONDS, check=False)
    if done.returncode != code:
        raise AssertionError(f"exit {done.returncode}, not {code}: {done.stderr[:1500]}")
    return done.stdout


def by_cell(result):
    found = {}
    for one in result["figures"]:
        key = dict(one["key"])
        if "entity" in one:
            key["entity"] = one["entity"]
        found[one["table"], tuple(sorted(key.items())), one["column"]] = one
    return found


def exactly(before, after, ratio):
    return (after - before) / ratio


def expected_parts(values, count, ratio):
    """By the definition: over every order of the changes, what each adds to those before it."""
    parts = [Fraction(0)] * count
    orders = list(itertools.permutations(range(count)))
    for order in orders:
        for place, one in enumerate(order):
            before, after = frozenset(order[:place]), frozenset(order[:place + 1])
            parts[one] += exactly(values[before], values[after], ratio)
    return [p / len(orders) for p in parts]


def compare_figures(runs, count, result):
    """Lines of differences between what was worked out by hand and one scenario of qz."""
    base, full = runs[frozenset()], runs[frozenset(range(count))]
    got, lines = by_cell(result), []
    moved = {p for p in set(base) | set(full) if comparable(base.get(p, (NA,))[0]) != comparable(full.get(p, (NA,))[0])}
    names = {(t, tuple(sorted(k)), c): (t, k, c) for t, k, c in moved}
    for place in sorted(set(names) ^ set(got), key=str):
        lines.append(f"  {place}: moves {'by hand only' if place in names else 'in qz only: ' + str(got[place])}")
    for place in sorted(set(names) & set(got), key=str):
        at, one = names[place], got[place]
        before, after, ratio = base[at][0], full[at][0], full[at][1]
        number = isinstance(before, Fraction) and isinstance(after, Fraction)
        if not number:
            continue
        if Fraction(one["difference"]) != exactly(before, after, ratio):
            lines.append(f"  {place}: {one['difference']}, by hand {exactly(before, after, ratio)}")
        values = {s: cells[at][0] if at in cells else None for s, cells in runs.items()}
        if count > 0 and all(isinstance(v, Fraction) for v in values.values()):
            parts = [Fraction(p) for p in one["parts"]]
            if parts != expected_parts(values, count, ratio):
                lines.append(f"  {place}: parts {one['parts']}, by hand {[str(p) for p in expected_parts(values, count, ratio)]}")
            if sum(parts) != Fraction(one["difference"]):
                lines.append(f"  {place}: the parts do not sum to the difference")
        elif "parts" in one:
            lines.append(f"  {place}: parts where some subset has no number")
    return lines


def identities(qz, folder, changes):
    lines = []
    empty = json.loads(ask(qz, folder, [{"name": "none", "changes": []}]))["scenarios"][0]
    if empty["figures"]:
        lines.append("  no change moves something")
    inverse = []
    for change in changes:
        if change["action"] == "times":
            back = {**change, "amount": str(1 / Fraction(change["amount"]))}
        elif change["action"] == "plus":
            back = {**change, "amount": str(-Fraction(change["amount"]))}
        else:
            continue
        inverse += [written(change), written(back)]
    if inverse:
        same = json.loads(ask(qz, folder, [{"name": "back", "changes": inverse}]))["scenarios"][0]
        kept = [f for f in same["figures"] if f.get("difference", "0") != "0"]
        if kept and not any(c["kind"] == "cells" and c["computed"] for c in changes):
            lines.append(f"  a change and its inverse move {kept[0]}")
    return lines


def draw(seed, run, library):
    maker = Draw(seed, run, library)
    changes, touched = [], {}
    for number in range(maker.rng.choice([1, 2, 2, 3])):
        kind = maker.rng.random()
        change = maker.constant() if kind < 0.15 else maker.factor() if kind < 0.3 else None
        if change is None:
            change, touched[number] = maker.cells(number)
            rows = run.data[change["table"]]
            change["computed"] = any(change["column"] not in rows[i].cells for i in touched[number])
        changes.append(change)
    return changes, touched


def compare_seed(seed, folder, qz):
    Maker(seed).write(folder)
    try:
        library = library_of(folder)
        run = Job(library, folder / "job" / "job.json").run()
        changes, touched = draw(seed, run, library)
    except (Refused, Problem):
        return []
    scenario = {"name": "random", "changes": [written(c) for c in changes]}
    if any(c["kind"] == "cells" and not touched[c["at"]] for c in changes):
        said = ask(qz, folder, [scenario], code=2)
        return [] if "change-touches-nothing" in said else ["  a change touches nothing, and qz says something else"]
    runs = {}
    for size in range(len(changes) + 1):
        for subset in itertools.combinations(range(len(changes)), size):
            runs[frozenset(subset)] = reported(run_with(folder, [changes[i] for i in subset], touched))
    text = ask(qz, folder, [scenario])
    lines = compare_figures(runs, len(changes), json.loads(text)["scenarios"][0])
    for more in (["--threads", "2"], ["--whole-jobs"]):
        if ask(qz, folder, [scenario], *more) != text:
            lines.append(f"  other bytes with {' '.join(more)}")
    places = [c["set"] for c in changes]
    if len(set(places)) == len(places):
        turned = json.loads(ask(qz, folder, [{"name": "random", "changes": scenario["changes"][::-1]}]))["scenarios"][0]
        here = json.loads(text)["scenarios"][0]
        if [f["value"] for f in turned["figures"]] != [f["value"] for f in here["figures"]]:
            lines.append("  changes of different cells do not commute")
    return lines + identities(qz, folder, changes)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--qz", required=True)
    parser.add_argument("--seeds", default="1..20", help="A..B, both included, or one seed")
    parser.add_argument("--keep", action="store_true", help="keep the folder of each seed")
    options = parser.parse_args()
    first, _, last = options.seeds.partition("..")
    passed = failed = 0
    for seed in range(int(first), int(last or first) + 1):
        with place_for(seed, options.keep) as folder:
            try:
                lines = compare_seed(seed, folder, options.qz)
            except AssertionError as error:
                lines = [f"  {error}"]
        if lines:
            failed += 1
            print(f"seed {seed}\n" + "\n".join(lines[:8]), flush=True)
        else:
            passed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(with_deep_stack(main))
