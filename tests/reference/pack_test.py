"""Factor tables, `extends` and packs that are refused, worked by hand: a new case is a new row."""

import datetime
import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import exact                                                    # noqa: E402
import factors                                                  # noqa: E402
import packs                                                    # noqa: E402
from self_test import make_library                              # noqa: E402
from units import Units                                         # noqa: E402
from values import NULL, Err, Problem                           # noqa: E402
from world import World                                         # noqa: E402

N, S, D = "number", "string", "date"

# Each table: fields (name, type, match), number of key fields, rows.
DATED = [("fuel", S), ("valid_from", D), ("valid_to", D), ("v", N)], 2, [
    "coal,2021-01-01,2022-02-28,1", "coal,2022-04-01,,2", "gas,,2022-12-31,3"]
WILD = [("fuel", S), ("kind", S), ("v", N)], 2, ["*,*,0", "coal,*,1", "coal,big,2"]
FROM = [("x", N, "from"), ("v", N)], 1, ["0,1", "10,2", "20.5,3"]
UPTO = [("x", N, "upto"), ("v", N)], 1, ["0,1", "10,2", "20.5,3"]
LINE = [("x", N, "linear"), ("v", N)], 1, ["0,1", "10,2", "20,"]
EXACT = [("x", N), ("v", N)], 1, ["1,5"]
STEAM = [("p", N, "linear"), ("t", N, "linear"), ("v", N)], 2, ["1,100,10", "1,200,20", "2,150,40", "2,250,60"]
YEAR = [("year", S), ("v", N)], 1, ["2021,1", "2022,2"]

LOOKUPS = [       # table, key texts, day, expected
    (DATED, ["coal"], "2022-02-28", "1"), (DATED, ["coal"], "2022-03-01", "missing-factor"), (DATED, ["coal"], "2030-01-01", "2"),
    (DATED, ["gas"], "1990-01-01", "3"), (DATED, ["gas"], "2023-01-01", "missing-factor"), (DATED, ["oil"], "2022-01-01", "missing-factor"),
    (WILD, ["coal", "big"], "", "2"), (WILD, ["coal", "x"], "", "1"), (WILD, ["oil", "big"], "", "0"),
    (FROM, ["10"], "", "2"), (FROM, ["9.99"], "", "1"), (FROM, ["99"], "", "3"), (FROM, ["-1"], "", "out-of-range"),
    (UPTO, ["10"], "", "2"), (UPTO, ["9.99"], "", "2"), (UPTO, ["99"], "", "out-of-range"), (UPTO, ["-1"], "", "1"),
    (LINE, ["2.5"], "", "1.25"), (LINE, ["10"], "", "2"), (LINE, ["15"], "", "null"), (LINE, ["21"], "", "out-of-range"),
    (EXACT, ["1.0"], "", "5"), (EXACT, ["2"], "", "missing-factor"),
    # 175: between 10 and 20 at p 1 gives 17.5, between 40 and 60 at p 2 gives 45; halfway 31.25.
    (STEAM, ["1.5", "175"], "", "31.25"), (STEAM, ["1", "150"], "", "15"), (STEAM, ["1.5", "120"], "", "out-of-range"),
    (YEAR, ["2022"], "", "2"),
]

OVERLAPS = [
    ([("fuel", S), ("valid_from", D), ("valid_to", D), ("v", N)], 2, ["coal,2021-01-01,2022-02-28,1", "coal,2022-02-28,,2"]),
    ([("fuel", S), ("v", N)], 1, ["coal,1", "coal,2"]),
    ([("a", S), ("b", S), ("v", N)], 2, ["*,x,1", "y,*,2"]),
]


def table_of(description):
    fields, keys, rows = description
    schema = [{"name": f[0], "type": f[1], **({"match": f[2]} if len(f) > 2 else {})} for f in fields]
    package = {"name": "t", "version": "1", "resources": [{"name": "t", "path": "t.csv", "schema": {
        "primaryKey": [f[0] for f in fields[:keys]], "fields": schema}}]}
    units = Units()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
        (folder / "t.csv").write_text("\n".join([",".join(f[0] for f in fields), *rows]) + "\n", encoding="utf-8")
        return factors.load(folder, units)


def columns(**members):
    """A pack with one table t, key [entity, month], and these columns."""
    return {"pack": "p", "version": "1", "tables": {"t": {"key": ["entity", "month"], "columns": {
        "n": {"input": "number", "unit": "t", "optional": True}, **members}}}}


def number(formula, **more):
    return {"unit": "t", "formula": formula, **more}


REFUSED = [       # a part of the message, the pack
    ("depend on each other", columns(a=number("b"), b=number("a"))),
    ("depend on each other", columns(a=number("a"))),
    ("depend on each other", columns(a=number("t(entity, month).a"))),
    ("depend on each other", columns(a=number("coalesce(t(entity, month + 1).a, n)"))),
    ("depend on each other", columns(a=number("sum(t[month <= this.month].a)"))),
    ("", columns(a=number("coalesce(t(entity, month - 1).a, n)"))),
    ("", columns(a=number("sum(t[month < this.month].b)"), b=number("a + n"))),
    ("", columns(a=number("sum(t[month between this.month - 3 and this.month - 1].a)"))),
    ("", columns(a=number("sum(t[month <= this.month - 1].a)"))),
    ("stands beside", columns(a=number("n + 1"))),
    ("the column is", columns(a={"unit": "GJ", "formula": "n"})),
    ("a number column has a unit", columns(a={"formula": "n"})),
    ("only a number column has a unit", columns(a={"input": "text", "unit": "t"})),
    ("round or shown", columns(a=number("n", report=True))),
    ("unknown unit", columns(a={"unit": "furlong", "formula": "n"})),
    ("unknown table", columns(a=number("u.x"))),
    ("unknown column", columns(a=number("t.x"))),
    ("has neither input nor formula", columns(a={"unit": "t"})),
    ("unknown member", columns(a=number("n", rounding=2))),
    ("two periods", {"pack": "p", "version": "1", "tables": {"t": {"key": ["month", "year"], "columns": {}}}}),
    ("has two meanings", {**columns(a=number("k")), "constants": {"k": {"value": "1", "unit": "t"}},
                          "parameters": {"k": {"unit": "t", "default": "1"}}}),
]


class PackTest(unittest.TestCase):
    def test_lookups(self):
        for description, keys, day, expected in LOOKUPS:
            with self.subTest(keys=keys, expected=expected):
                table = table_of(description)
                args = []
                for name, text in zip(table.keys, keys):
                    args.append(factors._value(table, table.fields[name], text, ""))
                value, _ = factors.find(table, args, datetime.date.fromisoformat(day) if day else None, "v")
                text = value.code if isinstance(value, Err) else "null" if value is NULL else exact.exact_text(value)
                self.assertEqual(text, expected)

    def test_overlaps_are_refused(self):
        for description in OVERLAPS:
            with self.assertRaises(Problem):
                table_of(description)

    def test_refused_packs(self):
        for message, pack in REFUSED:
            with self.subTest(message, pack=json.dumps(pack)):
                library = make_library(pack)
                editions = list(library.editions["p"].values())
                problems = library.problems or World(library, {"p": editions}).problems
                if message:
                    self.assertIn(message, "\n".join(problems))
                else:
                    self.assertEqual(problems, [])

    def test_extends(self):
        parent = {"pack": "p", "version": "1", "title": "old", "applies": {"from": "2020-01-01"}, "rounding": "down",
                  "constants": {"a": 1, "b": 2}, "factors": ["x.y@1", "x.z@1"], "examples": [{}],
                  "tables": {"t": {"key": ["a"], "every": "month", "columns": {"c": {"input": "text"}, "d": {"input": "text", "cite": "1"}}},
                             "u": {"key": [], "columns": {}}},
                  "checks": [{"id": "one", "require": "true"}, {"id": "two", "require": "true"}]}
        child = {"pack": "p", "version": "2", "extends": "1", "constants": {"b": None, "c": 3}, "factors": ["x.z@2"],
                 "tables": {"t": {"columns": {"c": None, "d": {"input": "bool"}}}, "u": None},
                 "checks": [{"id": "one", "remove": True}, {"id": "two", "require": "false"}]}
        self.assertEqual(packs.extend(parent, child), {
            "pack": "p", "version": "2", "extends": "1", "rounding": "down", "constants": {"a": 1, "c": 3},
            "factors": {"y": "x.y@1", "z": "x.z@2"},
            "tables": {"t": {"key": ["a"], "every": "month", "columns": {"d": {"input": "bool"}}}},
            "checks": [{"id": "two", "require": "false"}]})


if __name__ == "__main__":
    unittest.main()
