"""Random measures and uncertain inputs: `qz whatif` against every subset and every sample by hand.

Each subset of the measures and each sample is written down as a job of its own and computed by the
reference evaluator: no change is applied by the program under test. The sampler is written anew:
Philox from its definition, quantiles from the standard library's binary floating point.
"""

import argparse
import copy
import csv
import hashlib
import itertools
import json
import math
import pathlib
import random
import statistics
import struct
import subprocess
import sys
import tempfile
from fractions import Fraction

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
FACTORS = REPOSITORY / "tests" / "findings" / "shared"
sys.path[:0] = [str(HERE.parent / "reference")]

from job import Job                                             # noqa: E402
from ledger import ledger                                       # noqa: E402
from packs import Library                                       # noqa: E402
from units import Units                                         # noqa: E402

NORMAL = statistics.NormalDist()


# The sampler.

def philox(counter, key):
    counter, key = list(counter), list(key)
    for _ in range(10):
        one, two = 0xD2511F53 * counter[0], 0xCD9E8D57 * counter[2]
        counter = [(two >> 32) ^ counter[1] ^ key[0], two & 0xFFFFFFFF, (one >> 32) ^ counter[3] ^ key[1], one & 0xFFFFFFFF]
        key = [(key[0] + 0x9E3779B9) & 0xFFFFFFFF, (key[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return counter


def bits(seed, name, group, sample):
    words = struct.unpack(">3I", hashlib.sha256(f"{name}\0{group}".encode()).digest()[:12])
    out = philox([sample, *words], [seed & 0xFFFFFFFF, seed >> 32])
    return out[1] << 32 | out[0]


def normal_steps(b):
    """Ten-thousandths of 1.96 deviations."""
    if b < 2 ** 63:
        return -normal_steps(2 ** 64 - 1 - b)
    return round(-NORMAL.inv_cdf((2 ** 64 - b - 0.5) / 2 ** 64) / 1.96 * 10000)


def drawn(source, b):
    """The factor or value of a draw, exact."""
    shape, figures = source["shape"], source["figures"]
    if shape == "normal":
        return 1 + figures[0] * Fraction(normal_steps(b), 10000)
    if shape == "lognormal":
        step = float(figures[0]) / 10000
        s = math.sqrt(math.log(1 + float(figures[0]) ** 2 / 4))
        return figures[0] * Fraction(round(math.exp(s * normal_steps(b) * 1.96 / 10000 - s * s / 2) / step), 10000)
    low, high = figures[0], figures[-1]
    u = Fraction(2 * b + 1, 2 ** 65)
    if shape == "uniform":
        return low + (high - low) * Fraction(math.floor(u * 20000 + Fraction(1, 2)), 20000)
    place = (figures[1] - low) / (high - low)
    if u <= place:
        steps = round(math.sqrt(u * place) * 20000)
    else:
        steps = 20000 - round(math.sqrt((1 - u) * (1 - place)) * 20000)
    return low + (high - low) * Fraction(steps, 20000)


# The job, and what the reference makes of it under changed cells.

class Case:
    def __init__(self, seed, folder):
        self.random = random.Random(seed)
        self.folder = folder
        units = Units()
        units.load(REPOSITORY / "factors")
        self.library = Library([FACTORS], units)
        r = self.random
        self.rows = [{"entity": e, "stream": s, "month": f"2022-{m:02d}",
                      "amount": Fraction(r.randrange(1000, 90000), 100), "share": Fraction(r.randrange(10, 60))}
                     for e in "AB" for s in "12" for m in range(1, r.randrange(3, 5))]
        self.kinds = [{"entity": e, "stream": s, "kind": r.choice(["fine", "coarse"])} for e in "AB" for s in "12"]

    def write(self, folder, rows):
        folder.mkdir(exist_ok=True)
        job = {"job": "try", "cycle": {"id": "2022", "years": ["2022"]}, "packs": ["try.flow"],
               "tables": {"stream": "stream.csv", "stream_month": "month.csv"}}
        (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
        for name, table in (("stream", self.kinds), ("month", rows)):
            with open(folder / f"{name}.csv", "w", encoding="utf-8", newline="") as out:
                writer = csv.DictWriter(out, table[0])
                writer.writeheader()
                writer.writerows({k: decimal(v) if isinstance(v, Fraction) else v for k, v in row.items()} for row in table)

    def total(self, rows):
        """year_total.mass of the job with these rows."""
        self.write(self.folder / "one", rows)
        job = Job(self.library, self.folder / "one" / "job.json")
        run = job.run()
        made = ledger(run, job.subject, [])
        return next(Fraction(t["value"]) for t in made["totals"] if t["table"] == "year_total" and t["column"] == "mass")


def decimal(value):
    places = 0
    while value * 10 ** places % 1:
        places += 1
    whole = value * 10 ** places
    text = str(abs(whole)).rjust(places + 1, "0")
    return ("-" if whole < 0 else "") + (f"{text[:-places]}.{text[-places:]}" if places else text)


def applied(rows, changes):
    out = copy.deepcopy(rows)
    for column, where, action, figure in changes:
        for row in out:
            if all(row[k] == v for k, v in where.items()):
                row[column] = {"times": row[column] * figure, "plus": row[column] + figure, "to": figure}[action]
    return out


def written(change):
    column, where, action, figure = change
    out = {"set": f"stream_month.{column}", action: decimal(figure)}
    if where:
        out["where"] = " and ".join(f'{k} = "{v}"' for k, v in where.items())
    return out


# Measures.

def random_measures(case):
    r = case.random
    out = []
    for i in range(r.randrange(3, 6)):
        changes = []
        for _ in range(r.randrange(1, 3)):
            column = r.choice(["amount", "amount", "share"])
            where = r.choice([{}, {"entity": r.choice("AB")}, {"stream": r.choice("12")}])
            action, figure = r.choice([("times", Fraction(r.randrange(700, 1010), 1000)), ("times", Fraction(r.randrange(80, 99), 100)),
                                       ("plus", Fraction(-r.randrange(1, 5))), ("to", Fraction(r.randrange(5, 9)))])
            changes.append((column, where, action, figure))
        out.append({"id": r.choice("abcxyz") + str(i), "changes": changes, "cost": Fraction(r.randrange(-2, 30)), "excludes": [], "requires": []})
    for one, other in itertools.combinations(out, 2):
        if r.random() < 0.12:
            one["excludes"].append(other["id"])
        elif r.random() < 0.12:
            other["requires"].append(one["id"])
    return out


def possible(chosen, budget):
    ids = {m["id"] for m in chosen}
    return all(not ids & set(m["excludes"]) and set(m["requires"]) <= ids for m in chosen) \
        and (budget is None or sum(m["cost"] for m in chosen) <= budget)


def compare_measures(case, qz):
    measures = random_measures(case)
    base = case.total(case.rows)
    levels = {}
    for size in range(len(measures) + 1):
        for chosen in itertools.combinations(range(len(measures)), size):
            taken = [measures[i] for i in chosen]
            if possible(taken, None):
                levels[chosen] = case.total(applied(case.rows, [c for m in taken for c in m["changes"]]))
    limit = Fraction(case.random.randrange(int(min(levels.values()) * 9 / 10), int(base) + 1))
    budget = Fraction(case.random.randrange(0, 60)) if case.random.random() < 0.5 else None
    asked = {"base": "job/job.json", "target": f"sum(year_total.mass) <= {limit}[t]", "measures": {"list": [
        {**m, "changes": [written(c) for c in m["changes"]], "cost": decimal(m["cost"])} for m in measures]}}
    if budget is not None:
        asked["measures"]["budget"] = decimal(budget)
    told = whatif(case, qz, asked)["measures"]

    def key(chosen):
        return sum(measures[i]["cost"] for i in chosen), len(chosen), sorted(measures[i]["id"] for i in chosen)
    fits = [c for c in levels if possible([measures[i] for i in c], budget)]
    reaching = sorted((c for c in fits if levels[c] <= limit), key=key)
    lines = []
    answer = told["answers"][0]
    expected = [measures[i]["id"] for i in reaching[0]] if reaching else []
    if answer.get("choice", "").split() != expected or answer["proven"] != "true" or answer["reached"] != ("true" if reaching else "false"):
        lines.append(f"  least cost: {answer}, by hand {expected or 'none'}")
    if reaching and (Fraction(answer["cost"]), Fraction(answer["level"])) != (key(reaching[0])[0], levels[reaching[0]]):
        lines.append(f"  its figures: {answer}, by hand {key(reaching[0])[0]}, {levels[reaching[0]]}")
    if not reaching and budget is not None:
        best = min(fits, key=lambda c: (levels[c], *key(c)))
        if told["answers"][1].get("choice", "").split() != [measures[i]["id"] for i in best]:
            lines.append(f"  best effect: {told['answers'][1]}, by hand {best}")
    for step in told["curve"]:
        i = next(i for i, m in enumerate(measures) if m["id"] == step["measure"])
        if not measures[i]["requires"] and (i,) in levels and Fraction(step["alone"]) != base - levels[(i,)]:
            lines.append(f"  alone: {step}, by hand {base - levels[(i,)]}")
    return lines


# Uncertainty.

def random_sources(case):
    r = case.random
    shapes = {"normal": [[Fraction(5, 100)], [Fraction(12, 1000)]], "lognormal": [[Fraction(3, 10)]],
              "uniform": [[Fraction(9, 10), Fraction(11, 10)]], "triangular": [[Fraction(8, 10), Fraction(1), Fraction(11, 10)]]}
    out = []
    for i in range(r.randrange(1, 4)):
        shape = r.choice(sorted(shapes))
        out.append({"name": f"s{i}", "shape": shape, "figures": r.choice(shapes[shape]), "column": r.choice(["amount", "share"]),
                    "per": r.choice([None, "row", ["entity"], ["stream", "entity"]]), "where": r.choice([{}, {"entity": "A"}])})
    return out


def group(source, row):
    if source["per"] is None:
        return ""
    names = ["entity", "stream", "month"] if source["per"] == "row" else source["per"]
    return "".join(row[n] + "\x1f" for n in names)


def sampled(case, sources, seed, sample):
    rows = copy.deepcopy(case.rows)
    for source in sources:
        for row in rows:
            if all(row[k] == v for k, v in source["where"].items()):
                row[source["column"]] *= drawn(source, bits(seed, source["name"], group(source, row), sample))
    return case.total(rows)


def written_source(source):
    out = {"name": source["name"], "set": f"stream_month.{source['column']}"}
    if source["where"]:
        out["where"] = " and ".join(f'{k} = "{v}"' for k, v in source["where"].items())
    if source["per"]:
        out["per"] = source["per"]
    figures = [decimal(f) for f in source["figures"]]
    out[source["shape"]] = figures[0] if len(figures) == 1 else {"times": figures}
    return out


def compare_uncertainty(case, qz):
    sources = random_sources(case)
    seed = case.random.getrandbits(64)
    samples = 12
    asked = {"base": "job/job.json", "uncertainty": {"of": "sum(year_total.mass)", "seed": str(seed), "samples": samples,
                                                     "percentiles": ["1", "30", "50", "99"], "sources": [written_source(s) for s in sources]}}
    told = whatif(case, qz, asked)["uncertainty"]["targets"][0]
    values = [sampled(case, sources, seed, i) for i in range(samples)]
    mean = sum(values) / samples
    expected = {f"p{p}": sorted(values)[max(math.ceil(Fraction(p) * samples / 100), 1) - 1] for p in ("1", "30", "50", "99")}
    lines = [f"  {name}: {told[name]}, by hand {value}" for name, value in expected.items() if Fraction(told[name]) != value]
    places = len(told["mean"].partition(".")[2])
    if told["mean"] != decimal(round(mean * 10 ** places) / Fraction(10 ** places)).ljust(len(told["mean"]), "0") \
            and abs(Fraction(told["mean"]) - mean) > Fraction(1, 2 * 10 ** places):
        lines.append(f"  mean: {told['mean']}, by hand {float(mean)}")
    deviation = math.sqrt(sum((v - mean) ** 2 for v in values) / (samples - 1))
    if abs(float(told["deviation"]) - deviation) > 0.51 * 10 ** -places:
        lines.append(f"  deviation: {told['deviation']}, by hand {deviation}")
    return [line + f" ({sources})" for line in lines]


def whatif(case, qz, asked):
    case.write(case.folder / "job", case.rows)
    file = case.folder / "asked.json"
    file.write_text(json.dumps(asked, ensure_ascii=False), encoding="utf-8")
    told = []
    for threads in ("1", "3"):
        done = subprocess.run([qz, "whatif", file, "--factors", FACTORS, "--format", "json", "--threads", threads],
                              capture_output=True, text=True, timeout=120, check=False)
        if done.returncode != 0:
            raise SystemExit(f"exit {done.returncode}: {done.stderr}{done.stdout}\n{json.dumps(asked)}")
        told.append(done.stdout)
    if told[0] != told[1]:
        raise SystemExit("other bytes on another number of threads")
    return json.loads(told[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--qz", required=True)
    parser.add_argument("--seeds", default="1..10", help="A..B, both included, or one seed")
    options = parser.parse_args()
    first, _, last = options.seeds.partition("..")
    failed = 0
    for seed in range(int(first), int(last or first) + 1):
        for compare in (compare_measures, compare_uncertainty):
            with tempfile.TemporaryDirectory() as folder:
                lines = compare(Case(seed, pathlib.Path(folder)), options.qz)
            if lines:
                failed += 1
                print(f"seed {seed}, {compare.__name__}", *lines, sep="\n", flush=True)
    print(f"{failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
