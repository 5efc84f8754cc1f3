"""Random factor tables: dated, by wildcards, by ranges, between two numbers (rule-language §9)."""

import csv
import json

from model import UNITS


class Factor:
    """name in formulas; arguments: kinds of key in order (fuel, line, year, or a dimension)."""

    def __init__(self, name, arguments, values, dated=False):
        self.name = name
        self.arguments = arguments
        self.values = values           # field -> dimension
        self.dated = dated

    def argument(self, kind, writer, place):
        if kind in ("fuel", "line"):
            return writer._text_argument(kind, place)
        if kind == "year":
            return "year" if "year" in place.table.key else '"2022"'
        return writer.number(kind, place.deeper())


def number_text(rng, low, high, places):
    digits = rng.randint(low * 10 ** places, high * 10 ** places)
    whole, rest = divmod(digits, 10 ** places)
    return f"{whole}.{rest:0{places}d}" if places else str(whole)


def dated_rows(rng):
    """Three fuels, validities that touch, one hole, one open end."""
    rows = []
    for fuel in ("coal", "gas"):
        rows.append([fuel, "2021-01-01", "2022-02-28", number_text(rng, 10, 40, 3), "1.5", "verified"])
        rows.append([fuel, rng.choice(["2022-03-01", "2022-04-01"]), "", number_text(rng, 10, 40, 2), rng.choice(["2", ""]), "draft"])
    return rows


def wild_rows(rng):
    return [["*", "*", number_text(rng, 0, 3, 2)], ["coal", "*", number_text(rng, 0, 3, 3)], ["coal", "1", "7"],
            ["oil", "2", number_text(rng, 0, 3, 1)]]


def curve_rows(rng):
    return [[str(x), number_text(rng, 0, 2, 2)] for x in sorted(rng.sample(range(-5, 60), 5))]


def surface_rows(rng):
    xs, ys = sorted(rng.sample(range(0, 30), 3)), sorted(rng.sample(range(0, 40), 3))
    return [[str(x), str(y), number_text(rng, 10, 50, 1)] for x in xs for y in ys]


def make(rng):
    """A list of (Factor, fields, rows); fields: (name, type, unit or None, match or None)."""
    density, mass = rng.choice(UNITS["density"]), rng.choice(UNITS["mass"])
    found = [
        (Factor("heat_of", ["fuel"], {"ncv": "density", "share": "1"}, dated=True),
         [("fuel", "string", None, None), ("valid_from", "date", None, None), ("valid_to", "date", None, None),
          ("ncv", "number", density, None), ("share", "number", "1", None), ("status", "string", None, None)], dated_rows(rng)),
        (Factor("by_kind", ["fuel", "line"], {"factor": "1"}),
         [("fuel", "string", None, None), ("line", "string", None, None), ("factor", "number", "1", None)], wild_rows(rng)),
        (Factor("curve", ["mass"], {"y": "1"}),
         [("x", "number", mass, rng.choice(["from", "upto", "linear"])), ("y", "number", "%", None)], curve_rows(rng)),
        (Factor("surface", ["mass", "1"], {"z": "energy"}),
         [("x", "number", mass, rng.choice(["linear", "linear", "upto"])), ("y", "number", "1", "linear"),
          ("z", "number", rng.choice(UNITS["energy"]), None)], surface_rows(rng)),
        (Factor("yearly", ["year"], {"rate": "1"}),
         [("year", "year", None, None), ("rate", "number", "%", None)], [["2021", "90"], ["2022", number_text(rng, 50, 99, 2)]]),
    ]
    return [one for one in found if rng.random() < 0.7]


def keys_of(factor, fields):
    return [f[0] for f in fields[:len(factor.arguments)]] + (["valid_from"] if factor.dated else [])


def write(folder, made):
    """tables/rnd.<name>/1/ for each; the pack names them rnd.<name>@1."""
    for factor, fields, rows in made:
        place = folder / "tables" / f"rnd.{factor.name}" / "1"
        place.mkdir(parents=True)
        extra = [("source", "string", None, None)] + ([] if any(f[0] == "status" for f in fields) else [("status", "string", None, None)])
        schema = []
        for name, type_, unit, match in fields + extra:
            schema.append({"name": name, "type": type_, "description": name, **({"unit": unit} if unit else {}),
                           **({"match": match} if match else {})})
        package = {"name": f"rnd.{factor.name}", "version": "1", "title": "random",
                   "resources": [{"name": f"rnd.{factor.name}", "path": "rows.csv",
                                  "schema": {"primaryKey": keys_of(factor, fields), "fields": schema}}]}
        (place / "datapackage.json").write_text(json.dumps(package, indent=1), encoding="utf-8")
        with open(place / "rows.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([f[0] for f in fields + extra])
            for row in rows:
                writer.writerow(row + (["random"] if len(extra) == 1 else ["random", "verified"]))
