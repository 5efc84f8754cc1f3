"""Hand-calculated expectations for the reference evaluator: a new case is a new row.

Each expression is evaluated in a row of table t, key [entity, month], with the inputs and
columns of BASE beside it. `=> null`, `=> n/a` and `=> error code` are written just so.
"""

import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import exact                                                    # noqa: E402
import syntax                                                   # noqa: E402
from examples import Example                                    # noqa: E402
from packs import Library                                       # noqa: E402
from units import Units                                         # noqa: E402
from values import NA, NULL, Err, Problem                       # noqa: E402
from world import World                                         # noqa: E402

UNITS = pathlib.Path(__file__).resolve().parent / "packs_for_tests" / "units" / "units.json"

BASE = {
    "x": {"input": "number", "unit": "t", "optional": True},
    "p": {"input": "number", "unit": "%", "optional": True},
    "d": {"input": "date", "optional": True},
    "kind": {"input": "text", "optional": True},
    "yes": {"input": "bool", "optional": True},
    "none": {"input": "number", "unit": "1", "optional": True},
    "nobool": {"input": "bool", "optional": True},
    "na": {"unit": "1", "when": "false", "formula": "1"},
    "err": {"unit": "1", "formula": "1 / 0"},
    "two": {"unit": "1", "formula": "2"},
}
ROW = {"entity": "A", "month": "2022-03", "x": "2.5", "p": "13.8", "d": "2022-05-31", "kind": "coal", "yes": "true"}

# expression, unit (None: not a number), expected
EXPRESSIONS = [
    # Numbers: grouping, powers, units (§5, §6).
    ("1 - 2 - 3", "1", "-4"), ("12 / 2 / 3", "1", "2"), ("2 + 3 * 4 ** 2", "1", "50"),
    ("44/12*12", "1", "44"), ("1.5e3", "1", "1500"), ("2 ** -2", "1", "0.25"), ("0 ** 0", "1", "1"),
    ("0 ** -1", "1", "error division-by-zero"), ("(-2) ** 3", "1", "-8"), ("-2 + 5", "1", "3"),
    ("x * 2", "kg", "5000"), ("x + 500[kg]", "t", "3"), ("p * 100[t]", "t", "13.8"), ("p + 1", "1", "1.138"),
    ("3[MW] * 2[h]", "MWh", "6"), ("7.2[GJ] / 1[MWh]", "1", "2"), ("4 ** 0.5", "1", "2"),
    ("(-4) ** 0.5", "1", "error no-real-value"), ("(2[m]) ** 2 / 1[m]", "m", "4"),
    ("if x > 2[t] then 1 else 2", "1", "1"), ("if x > 2[t] then 1 else 2 + 3", "1", "1"),
    # Roots, logarithms: 34 significant digits, half-even.
    ("sqrt(2)", "1", "1.414213562373095048801688724209698"), ("sqrt(16[m*m])", "m", "4"),
    ("sqrt(-1)", "1", "error no-real-value"), ("sqrt(0)", "1", "0"), ("ln(1)", "1", "0"),
    ("ln(10)", "1", "2.302585092994045684017991454684364"), ("ln(0)", "1", "error no-real-value"),
    ("exp(1)", "1", "2.718281828459045235360287471352662"), ("exp(0)", "1", "1"),
    ("exp(100000)", "1", "error number-too-long"), ("10 ** 100 ** 1", "1", "refused"),
    ("(10 ** 100) ** 200", "1", "error number-too-long"), ("2 ** 0.5", "1", "1.414213562373095048801688724209698"),
    # round, floor, ceiling work in the unit of a lone column or literal.
    ("round(2.5, 0)", "1", "2"), ("round(-3.5, 0)", "1", "-4"), ("round(p, 0)", "%", "14"),
    ("round(p * 1, 1, \"1\")", "1", "0.1"), ("round(1250[kg], -2)", "kg", "1200"), ("floor(-2.5)", "1", "-3"),
    ("ceiling(x)", "t", "3"), ("floor(x, \"kg\")", "kg", "2500"), ("floor(x * 1)", "t", "refused"),
    ("abs(-3)", "1", "3"), ("min(3, 2, 5)", "1", "2"), ("max(x, 3000[kg])", "t", "3"),
    # Dates and periods.
    ("date(\"2022-03-31\") - date(\"2022-03-01\")", "d", "30"), ("d + 40[d]", None, "2022-07-10"),
    ("d - 1[d]", None, "2022-05-30"), ("d in month", None, "false"), ("date(\"2022-03-31\") in month", None, "true"),
    ("month >= \"2022-01\"", None, "true"), ("month + 10 = \"2023-01\"", None, "true"),
    ("month between \"2022-01\" and \"2022-03\"", None, "true"), ("month in (\"2022-03\", \"2022-04\")", None, "true"),
    ("month >= \"2022\"", None, "refused"), ("year(month)", "1", "2022"), ("month(month)", "1", "3"),
    ("days(month)", "d", "31"), ("start(month)", None, "2022-03-01"), ("end(month - 1)", None, "2022-02-28"),
    ("month(month) in (11, 12, 1, 2, 3)", None, "true"), ("d <= as_of", None, "true"), ("month(d)", "1", "5"),
    ("d + 0.5[d]", None, "error out-of-range"),
    # Texts and booleans.
    ("kind = \"coal\"", None, "true"), ("kind != \"coal\"", None, "false"), ("kind in (\"gas\", \"oil\")", None, "false"),
    ("not(yes)", None, "false"), ("yes and kind = \"coal\"", None, "true"), ("if yes then kind else \"b\"", None, "coal"),
    # Missing, not applicable, wrong (§7).
    ("none + 1", "1", "null"), ("na + 1", "1", "null"), ("err + 1", "1", "error division-by-zero"),
    ("none + err", "1", "error division-by-zero"), ("na", "1", "n/a"), ("none = null", None, "true"),
    ("na = null", None, "true"), ("two != null", None, "true"), ("err = null", None, "error division-by-zero"),
    ("none > 1", None, "null"), ("coalesce(none, na, 5)", "1", "5"), ("coalesce(none, na)", "1", "null"),
    ("coalesce(two, err)", "1", "2"), ("coalesce(none, err, 1)", "1", "error division-by-zero"),
    ("false and nobool", None, "false"), ("nobool and false", None, "false"), ("true and nobool", None, "null"),
    ("true or nobool", None, "true"), ("nobool or true", None, "true"), ("nobool or false", None, "null"),
    ("false and err > 1", None, "false"), ("err > 1 and false", None, "error division-by-zero"),
    ("nobool and err > 1", None, "error division-by-zero"), ("nobool or err > 1", None, "error division-by-zero"),
    ("true or err > 1", None, "true"), ("not(nobool)", None, "null"), ("if nobool then 1 else 2", "1", "null"),
    ("if true then 1 else err", "1", "1"), ("if err > 1 then 1 else 2", "1", "error division-by-zero"),
    ("if true then none else err", "1", "null"), ("none in (1, 2)", None, "null"), ("two in (1, none)", None, "null"),
    ("none between 1 and 2", None, "null"), ("min(two, none)", "1", "null"), ("abs(na)", "1", "null"),
    ("1 / (two - 2)", "1", "error division-by-zero"), ("0 * none", "1", "null"), ("null", "1", "null"),
    ("if yes then two else null", "1", "2"), ("sqrt(err)", "1", "error division-by-zero"),
    # Lists (§7, §8): list_month holds v = 1, 2, 3, 4 with flags; see LIST.
    ("sum(list_month.v)", "1", "10"), ("mean(list_month.v)", "1", "2.5"), ("count(list_month)", "1", "4"),
    ("min(list_month.v)", "1", "1"), ("max(list_month.v)", "1", "4"), ("mean(list_month.v, list_month.w)", "1", "3"),
    ("mean(list_month.v, list_month.w * 0)", "1", "null"), ("sum(list_month.v * list_month.w)", "1", "30"),
    ("sum(list_month[v > 2].v)", "1", "7"), ("sum(list_month[v > 9].v)", "1", "0"), ("mean(list_month[v > 9].v)", "1", "null"),
    ("min(list_month[v > 9].v)", "1", "null"), ("all(list_month[v > 9].big)", None, "true"),
    ("any(list_month[v > 9].big)", None, "false"), ("sum(list_month.o)", "1", "null"), ("count(list_month.o)", "1", "4"),
    ("mean(list_month[o != null].o)", "1", "3"), ("sum(list_month[o > 0].v)", "1", "null"),
    ("count(list_month[o > 0])", "1", "null"), ("sum(list_month.big_only)", "1", "7"),
    ("mean(list_month.big_only)", "1", "3.5"), ("max(list_month.big_only)", "1", "4"),
    ("sum(list_month.big_only * 1)", "1", "null"), ("sum(list_month.bad)", "1", "error division-by-zero"),
    ("any(list_month.big)", None, "true"), ("all(list_month.big)", None, "false"),
    ("any(list_month.bad > 0)", None, "error division-by-zero"), ("sum(list_month[bad > 0].v)", "1", "error division-by-zero"),
    ("sum(list_month[v > 1 and bad > 0].v)", "1", "9"), ("sum(list_month[v = this.two].v)", "1", "2"),
    ("any(list_month.o > 3)", None, "true"), ("any(list_month.o > 9)", None, "null"), ("all(list_month.o > 9)", None, "false"),
    ("only(list_month.name)", None, "error not-unique"), ("only(list_month[v = 2].name)", None, "b"),
    ("only(list_month[v = 9].name)", None, "null"), ("join(list_month.name)", None, "a, b"),
    ("sum(list_month[month < this.month].v)", "1", "100"), ("count(list_month[month between this.month - 1 and this.month])", "1", "5"),
    ("list_month(\"A\", \"1\", month).v", "1", "1"), ("list_month(\"A\", \"9\", month).v", "1", "null"),
    ("list_month(\"A\", \"5\", month - 1).v", "1", "100"), ("list_month(\"A\", kind, none).v", "1", "refused"),
    # Order within a list: percentile, rank, latest, the last rows.
    ("percentile(list_month.v, 0.5)", "1", "2.5"), ("percentile(list_month.v, 0)", "1", "1"), ("percentile(list_month.v, 1)", "1", "4"),
    ("percentile(list_month.v, 98[%])", "1", "3.94"), ("percentile(list_month.v, 1 / 3)", "1", "2"),
    ("percentile(list_month.v, 1.01)", "1", "error out-of-range"), ("percentile(list_month[v > 9].v, 0.5)", "1", "null"),
    ("percentile(list_month[v > 9].v, 2)", "1", "error out-of-range"), ("percentile(list_month.v, none)", "1", "null"),
    ("percentile(list_month.o, 2)", "1", "null"), ("percentile(list_month.big_only, 0.5)", "1", "3.5"),
    ("percentile(list_month.bad, err)", "1", "error division-by-zero"), ("percentile(list_month.name, 0.5)", "1", "refused"),
    ("rank(2.5, list_month.v)", "1", "3"), ("rank(4, list_month.v)", "1", "1"), ("rank(two, list_month.v)", "1", "3"),
    ("rank(0, list_month.v)", "1", "5"), ("rank(1, list_month[v > 9].v)", "1", "1"), ("rank(none, list_month.v)", "1", "null"),
    ("rank(1, list_month.o)", "1", "null"), ("rank(1, list_month.big_only)", "1", "3"), ("rank(1, list_month.bad)", "1", "error division-by-zero"),
    ("rank(1[t], list_month.v)", "1", "refused"), ("rank(month, list_month.month)", "1", "1"),
    ("latest(list_month.name, list_month.v)", None, "b"), ("latest(list_month.v, list_month.z)", "1", "error not-unique"),
    ("latest(list_month[z = 0].v, list_month.z)", "1", "1"), ("latest(list_month[v > 9].name, list_month.v)", None, "null"),
    ("latest(list_month.o, list_month.v)", "1", "null"), ("latest(list_month.v, list_month.o)", "1", "null"),
    ("latest(list_month.big_only, list_month.o)", "1", "4"), ("latest(list_month.v, list_month.month)", "1", "error not-unique"),
    ("latest(list_month.v, list_month.name)", "1", "refused"), ("latest(list_month.v)", "1", "refused"),
    ("max(last(2, list_month.v))", "1", "4"), ("sum(last(3, list_month.v))", "1", "9"), ("sum(last(4, list_month.v))", "1", "10"),
    ("sum(last(5, list_month.v))", "1", "null"), ("sum(last(2, list_month[v < 4].v))", "1", "5"),
    ("7 * mean(last(2, list_month.v), list_month.w)", "1", "25"),
    ("sum(last(2, list_month.o))", "1", "7"), ("sum(last(1, list_month.big_only))", "1", "4"), ("sum(last(3, list_month.bad))", "1", "3"),
    ("sum(last(1, list_month[o > 0].v))", "1", "null"), ("sum(last(2, list_month[month < this.month].v))", "1", "null"),
    ("max(last(1, list_month[month < this.month].v))", "1", "100"), ("percentile(last(2, list_month.v), 0.5)", "1", "3.5"),
    ("rank(3, last(2, list_month.v))", "1", "2"), ("latest(last(2, list_month.v), list_month.w)", "1", "4"),
    ("join(last(2, list_month.name))", None, "a, b"), ("sum(last(0, list_month.v))", "1", "refused"),
    ("sum(last(two, list_month.v))", "1", "refused"), ("last(2, list_month.v)", "1", "refused"),
    ("sum(list_month[bad > 0 and month < this.month].v)", "1", "100"),
    # Spans of dates.
    ("months(date(\"2022-01-31\"), date(\"2022-02-28\"))", "1", "1"), ("months(date(\"2022-01-31\"), date(\"2022-03-01\"))", "1", "2"),
    ("months(date(\"2022-03-15\"), date(\"2022-03-15\"))", "1", "0"), ("months(date(\"2022-03-15\"), date(\"2022-03-16\"))", "1", "1"),
    ("months(date(\"2022-03-15\"), date(\"2022-01-15\"))", "1", "-2"), ("months(date(\"2022-03-15\"), date(\"2022-01-16\"))", "1", "-1"),
    ("months(date(\"2024-02-29\"), date(\"2025-02-28\"))", "1", "12"), ("months(d, as_of)", "1", "7"),
    ("months(d, null)", "1", "null"), ("months(d, month)", "1", "refused"), ("months(d)", "1", "refused"),
    ("overlap(date(\"2022-01-01\"), date(\"2022-01-31\"), date(\"2022-01-31\"), d)", "d", "1"),
    ("overlap(date(\"2022-01-01\"), date(\"2022-01-31\"), date(\"2022-02-01\"), d)", "d", "0"),
    ("overlap(start(month), end(month), date(\"2022-03-10\"), d)", "d", "22"),
    ("overlap(start(month), end(month), d, start(month))", "d", "0"), ("overlap(d, d, d, d)", "h", "24"),
    ("overlap(start(month), end(month), null, d)", "d", "null"),
    # Refused when the pack loads.
    ("-2 ** 2", "1", "refused"), ("x + 1", "t", "refused"), ("list_month.v", "1", "refused"), ("unknown", "1", "refused"),
    ("x > 0", None, "refused"), ("1 < 2 < 3", None, "refused"), ("kind < \"b\"", None, "refused"), ("yes + 1", "1", "refused"),
    ("x ** two", "t", "refused"), ("ln(x)", "1", "refused"), ("this.x", "t", "refused"),
]

LIST = [
    {"entity": "A", "n": "1", "month": "2022-03", "v": "1", "w": "1", "o": "", "z": "0", "name": "a"},
    {"entity": "A", "n": "2", "month": "2022-03", "v": "2", "w": "2", "o": "2", "z": "1", "name": "b"},
    {"entity": "A", "n": "3", "month": "2022-03", "v": "3", "w": "3", "o": "3", "z": "1", "name": "a"},
    {"entity": "A", "n": "4", "month": "2022-03", "v": "4", "w": "4", "o": "4", "z": "1", "name": "b"},
    {"entity": "A", "n": "5", "month": "2022-02", "v": "100", "w": "1", "o": "1", "z": "1", "name": "z"},
]
LIST_COLUMNS = {
    "v": {"input": "number", "unit": "1"}, "w": {"input": "number", "unit": "1"}, "name": {"input": "text"},
    "o": {"input": "number", "unit": "1", "optional": True}, "z": {"input": "number", "unit": "1"},
    "big": {"formula": "v > 2"}, "big_only": {"unit": "1", "when": "v > 2", "formula": "v"},
    "bad": {"unit": "1", "formula": "1 / z"},
}

ROUNDING = [       # value, decimals, half-even, half-up, down, up (§4)
    ("-2.5", 0, "-2", "-3", "-2", "-3"), ("2.5", 0, "2", "3", "2", "3"), ("3.5", 0, "4", "4", "3", "4"),
    ("2.500000000000000000000001", 0, "3", "3", "2", "3"), ("0.125", 2, "0.12", "0.13", "0.12", "0.13"),
    ("1250", -2, "1200", "1300", "1200", "1300"), ("0", 2, "0.00", "0.00", "0.00", "0.00"),
    ("-0.001", 2, "0.00", "0.00", "0.00", "-0.01"), ("85.545", 2, "85.54", "85.55", "85.54", "85.55"),
]


def make_library(pack):
    """A library of one pack, written to a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "units").mkdir()
        (folder / "units" / "units.json").write_bytes(UNITS.read_bytes())
        (folder / "packs" / pack["pack"]).mkdir(parents=True)
        (folder / "packs" / pack["pack"] / "1.json").write_text(json.dumps(pack), encoding="utf-8")
        return Library([folder], Units())


def evaluate(expression, unit):
    result = {"formula": expression} if unit is None else {"formula": expression, "unit": unit}
    pack = {"pack": "self", "version": "1", "tables": {
        "t": {"key": ["entity", "month"], "columns": {**BASE, "result": result}},
        "list_month": {"key": ["entity", "n", "month"], "columns": LIST_COLUMNS}},
        "examples": [{"name": "e", "given": {"t": [ROW], "list_month": LIST}}]}
    library = make_library(pack)
    if library.problems:
        return "refused"
    edition = library.editions["self"]["1"]
    if World(library, {"self": [edition]}).problems:
        return "refused"
    run = Example(library, edition, pack["examples"][0])._run()
    row = next(r for r in run.data["t"].values() if r.key["month"].number == 2022 * 12 + 2)
    value = run.cell(row, "result").value
    if value in (NULL, NA) or isinstance(value, Err):
        return {NULL: "null", NA: "n/a"}.get(value, f"error {value.code}" if isinstance(value, Err) else "")
    made = edition.tables["t"].columns["result"]
    if made.unit is not None:
        return exact.exact_text(value / made.unit.ratio)
    return {True: "true", False: "false"}.get(value) if isinstance(value, bool) else str(value)


class SelfTest(unittest.TestCase):
    def test_expressions(self):
        for expression, unit, expected in EXPRESSIONS:
            with self.subTest(expression):
                self.assertEqual(evaluate(expression, unit), expected)

    def test_rounding(self):
        for value, places, *expected in ROUNDING:
            number, _ = exact.parse(value)
            for mode, want in zip(exact.MODES, expected):
                with self.subTest(value=value, mode=mode):
                    self.assertEqual(exact.to_text(exact.round_to(number, places, mode), places), want)

    def test_significant(self):
        for value, digits, want in [("9.996", 3, "10.0"), ("2.5", 3, "2.50"), ("12345", 3, "12300"),
                                    ("0.00123456", 3, "0.00123"), ("0", 3, "0")]:
            number, _ = exact.parse(value)
            self.assertEqual(exact.significant_text(exact.round_significant(number, digits, "half-even"), digits), want)

    def test_inputs_keep_their_digits(self):
        for text, want in [("1e3", "1000"), ("-0", "0"), ("-0.00", "0.00"), ("007.50", "7.50"), ("+1.5e1", "15"),
                           ("1.50e1", "15.0"), ("1e-2", "0.01")]:
            self.assertEqual(exact.plain_text(text), want)
        for text in ("1,200", ".5", "5.", "１", "NaN", "", "1e999", "0x1", "1 0"):
            self.assertIsNone(exact.parse(text)[0], text)

    def test_grammar_refuses(self):
        for text in ("a ** b ** c", "-a ** 2", "a = b = c", "1 +", "f(1,)", "\"open", "a in b in c", "1[t", "if a then b", "@"):
            with self.assertRaises(Problem, msg=text):
                syntax.parse(text)


if __name__ == "__main__":
    unittest.main()
