"""Jobs as a whole, worked by hand: rows that are called for, registers, every, cross, editions,
links, context, totals, and what makes a job refused. Each test writes its own small folder.
"""

import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import checks                                                   # noqa: E402
import ledger                                                   # noqa: E402
from job import Job, Refused                                    # noqa: E402
from packs import Library                                       # noqa: E402
from units import Units                                         # noqa: E402

UNITS = pathlib.Path(__file__).resolve().parent / "packs_for_tests" / "units" / "units.json"
NUMBER = {"input": "number", "unit": "t"}


def settle(installed, files, tables, **job):
    """{"table key column": "value unit how"} of all entries and totals, and the finding codes."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "units").mkdir()
        (folder / "units" / "units.json").write_bytes(UNITS.read_bytes())
        for one in installed:
            path = folder / "packs" / one["pack"] / f"{one['version']}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(one), encoding="utf-8")
        for name, text in files.items():
            (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        content = {"job": "j", "cycle": {"id": "c", "years": ["2022"]}, "as_of": "2022-12-31",
                   "packs": sorted({p["pack"] for p in installed}), "tables": tables, **job}
        (folder / "job.json").write_text(json.dumps(content), encoding="utf-8")
        library = Library([folder], Units())
        assert not library.problems, library.problems
        read = Job(library, folder / "job.json")
        run = read.run()
        result = ledger.ledger(run, read.subject, checks.everything(run, read.header_only, read.findings))
    entries, codes = {}, []
    for entity in result["entities"] + [{"entity": "", "entries": result["totals"], "findings": result["findings"]}]:
        for e in entity["entries"]:
            key = " ".join([entity["entity"], *e["key"].values()]).strip()
            value = f"{e['value']} {e.get('unit', '')} {e['how']}".replace("  ", " ")
            entries[f"{e['table']} {key} {e['column']}".replace("  ", " ")] = value + (f" {e['error']}" if "error" in e else "")
        codes += [f["code"] for f in entity["findings"]]
    return entries, sorted(codes)


def pack(tables, name="p", version="1", **more):
    return {"pack": name, "version": version, "tables": tables, **more}


MONTHS = pack({
    "month_of": {"key": ["entity", "month"], "columns": {"v": {**NUMBER, "report": True}}},
    "year_of": {"key": ["entity", "year"], "columns": {
        "v": {"unit": "t", "formula": "sum(month_of.v)", "round": 1, "report": True}}},
    "city": {"key": ["year"], "columns": {"v": {"unit": "t", "formula": "sum(year_of.v)", "round": 0, "report": True}}},
    "all_of": {"key": [], "columns": {"v": {"unit": "kg", "formula": "sum(city.v)", "round": 0, "report": True}}},
})


class JobTest(unittest.TestCase):
    def test_roll_up(self):
        files = {"m.csv": "entity,month,v [kg]\nA,2022-01,1500\nB,2022-02,20.50\nA,2022-03,1e2\n"}
        entries, codes = settle([MONTHS], files, {"month_of": "m.csv"})
        self.assertEqual(entries, {
            "month_of A 2022-01 v": "1500 kg measured", "month_of A 2022-03 v": "100 kg measured",
            "month_of B 2022-02 v": "20.50 kg measured", "year_of A 2022 v": "1.6 t formula",
            "year_of B 2022 v": "0.0 t formula", "city 2022 v": "2 t formula", "all_of v": "2000 kg formula"})
        self.assertEqual(codes, [])

    def test_every_month_is_asked_for(self):
        asking = json.loads(json.dumps(MONTHS))
        asking["tables"]["month_of"]["every"] = "month"
        lines = "".join(f"A,2022-{m:02d},1\n" for m in range(1, 12))
        entries, codes = settle([asking], {"m.csv": "entity,month,v\n" + lines}, {"month_of": "m.csv"})
        self.assertEqual(entries["month_of A 2022-12 v"], "None t measured")
        self.assertEqual(entries["year_of A 2022 v"], "None t formula")
        self.assertEqual(entries["all_of v"], "None kg formula")
        self.assertEqual(codes, ["missing-row"])

    def test_every_within_dates_of_a_register(self):
        packs = [pack({
            "unit": {"key": ["entity"], "columns": {"from": {"input": "date", "optional": True}, "to": {"input": "date", "optional": True}}},
            "m": {"key": ["entity", "month"], "every": {"period": "month", "from": "unit.from", "to": "unit.to"},
                  "columns": {"v": {**NUMBER, "optional": True, "report": True}}}})]
        files = {"u.csv": "entity,from,to\nA,2022-10-31,2022-12-01\nB,,2022-02-01\n",
                 "m.csv": "entity,month,v\nA,2022-11,1\nB,2022-01,2\n"}
        entries, _ = settle(packs, files, {"unit": "u.csv", "m": "m.csv"})
        self.assertEqual(sorted(entries), ["m A 2022-10 v", "m A 2022-11 v", "m A 2022-12 v", "m B 2022-01 v", "m B 2022-02 v"])

    def test_hours_that_a_file_counts_from_one(self):
        packs = [pack({"o": {"key": ["entity", "hour"], "columns": {"v": {**NUMBER, "report": True}}}})]
        files = {"o.csv": "entity,hour,v\nA,2022-01-01T01,1\nA,2022-01-01T24,2\n"}
        entries, _ = settle(packs, files, {"o": {"file": "o.csv", "hours": "1-24"}})
        self.assertEqual(sorted(entries), ["o A 2022-01-01T00 v", "o A 2022-01-01T23 v"])
        with self.assertRaises(Refused):
            settle(packs, files, {"o": "o.csv"})

    def test_rows_that_may_stand_once(self):
        packs = [pack({"w": {"key": ["entity", "row"], "optional": True, "unique": ["entity", "ticket"],
                             "columns": {"ticket": {"input": "text", "optional": True}, "v": NUMBER}},
                       "all_of": {"key": [], "columns": {"v": {"unit": "t", "formula": "sum(w.v)", "round": 0, "report": True}}}})]
        good = "entity,ticket,v\nA,1,1\nB,1,2\nA,,3\nA,,4\n"
        entries, _ = settle(packs, {"w.csv": good}, {"w": "w.csv"})
        self.assertEqual(entries["all_of v"], "10 t formula")
        with self.assertRaises(Refused):
            settle(packs, {"w.csv": good + "A,１,5\n"}, {"w": "w.csv"})

    def test_cross(self):
        packs = [pack({
            "fleet": {"key": ["entity", "fleet"], "columns": {"n": {"input": "number", "unit": "1"}}},
            "gas": {"key": ["gas"], "columns": {"f": NUMBER}},
            "e": {"key": ["entity", "fleet", "gas"], "cross": ["fleet", "gas"], "columns": {
                "v": {"unit": "t", "formula": "fleet.n * gas.f", "round": 0, "report": True}}}})]
        files = {"f.csv": "entity,fleet,n\nA,x,2\nB,y,3\n", "g.csv": "gas,f\nNO,5\nSO,7\n"}
        entries, _ = settle(packs, files, {"fleet": "f.csv", "gas": "g.csv"})
        self.assertEqual(entries, {"e A x NO v": "10 t formula", "e A x SO v": "14 t formula",
                                   "e B y NO v": "15 t formula", "e B y SO v": "21 t formula"})

    def test_editions_by_row(self):
        def edition(version, start, end, factor, more):
            return pack({"m": {"key": ["entity", "month"], "columns": {
                "v": NUMBER, "e": {"unit": "t", "formula": f"v * {factor}", "round": 0, "report": True}, **more}}},
                version=version, applies={"from": start, "to": end})
        old = edition("1", "2022-01-01", "2022-03-31", 2, {"extra": {**NUMBER, "report": True, "optional": True}})
        new = edition("2", "2022-04-01", "2022-11-30", 3, {})
        files = {"m.csv": "entity,month,v,extra\nA,2022-03,1,5\nA,2022-04,1,5\nA,2022-12,1,\n"}
        entries, codes = settle([old, new], files, {"m": "m.csv"})
        self.assertEqual(entries, {"m A 2022-03 e": "2 t formula", "m A 2022-03 extra": "5 t measured",
                                   "m A 2022-04 e": "3 t formula", "m A 2022-12 e": "None t formula no-edition",
                                   "m A 2022-12 extra": "None t measured no-edition"})
        self.assertEqual(codes, ["no-edition", "not-in-edition"])
        entries, _ = settle([old, new], {"m.csv": "entity,month,v\nA,2022-03,1\n"}, {"m": "m.csv"}, packs=["p@2"])
        self.assertEqual(entries["m A 2022-03 e"], "3 t formula")

    def test_links(self):
        packs = [pack({
            "site": {"key": ["entity"], "columns": {"district": {"input": "text", "link": True, "optional": True}}},
            "site_year": {"key": ["entity", "year"], "columns": {
                "v": NUMBER, "district": {"formula": "site.district", "link": True}}},
            "district_year": {"key": ["district", "year"], "columns": {
                "v": {"unit": "t", "formula": "sum(site_year.v)", "round": 0, "report": True}}}})]
        files = {"s.csv": "entity,district\nA,N\nB,S\nC,N\n", "y.csv": "entity,year,v\nA,2022,1\nB,2022,2\nC,2022,3\n"}
        entries, _ = settle(packs, files, {"site": "s.csv", "site_year": "y.csv"})
        self.assertEqual(entries, {"district_year N 2022 v": "4 t formula", "district_year S 2022 v": "2 t formula"})
        files["s.csv"] = "entity,district\nA,N\nB,S\nC,\n"
        entries, _ = settle(packs, files, {"site": "s.csv", "site_year": "y.csv"})
        self.assertEqual(set(entries.values()), {"None t formula"})

    def test_context_is_found_by_time_only(self):
        packs = [pack({"m": {"key": ["entity", "month"], "every": "month", "columns": {
            "v": {**NUMBER, "optional": True},
            "before": {"unit": "t", "formula": "m(entity, month - 1).v", "round": 0, "report": True},
            "three": {"unit": "t", "formula": "sum(m[month between this.month - 2 and this.month].v)", "round": 0, "report": True}}},
            "y": {"key": ["entity", "year"], "columns": {"n": {"unit": "1", "formula": "count(m)", "round": 0, "report": True}}}})]
        files = {"m.csv": "entity,month,v\nA,2022-01,1\nA,2022-02,2\n", "c.csv": "entity,month,v,before\nA,2021-11,10,0\nA,2021-12,20,\n"}
        entries, _ = settle(packs, files, {"m": "m.csv"}, context={"m": "c.csv"})
        self.assertEqual(entries["m A 2022-01 three"], "31 t formula")
        self.assertEqual(entries["m A 2022-02 three"], "23 t formula")
        self.assertEqual(entries["m A 2022-01 before"], "20 t formula")
        self.assertEqual(entries["m A 2022-03 three"], "None t formula")
        self.assertEqual(entries["y A 2022 n"], "12 1 formula")
        self.assertNotIn("m A 2021-12 before", entries)

    def test_back_in_time(self):
        packs = [pack({"m": {"key": ["entity", "month"], "columns": {
            "v": NUMBER,
            "stock": {"unit": "t", "formula": "coalesce(m(entity, month - 1).stock, 100[t]) - v", "round": 0, "report": True}}}})]
        entries, _ = settle(packs, {"m.csv": "entity,month,v\nA,2022-02,2\nA,2022-01,1\n"}, {"m": "m.csv"})
        self.assertEqual(entries, {"m A 2022-01 stock": "99 t formula", "m A 2022-02 stock": "97 t formula"})

    def test_override_and_header_only(self):
        packs = [pack({"a": {"key": ["entity"], "columns": {
            "v": {"input": "number", "unit": "t", "formula": "1[t] + sum(b.w)", "round": 0, "report": True}}},
            "b": {"key": ["entity", "month"], "columns": {"w": NUMBER}}})]
        entries, codes = settle(packs, {"a.csv": "entity,v\nA,\nB,2.50\n", "b.csv": "entity,month,w\n"}, {"a": "a.csv", "b": "b.csv"})
        self.assertEqual(entries, {"a A v": "1 t formula", "a B v": "2.50 t override"})
        self.assertEqual(codes, [])

    def test_file_options(self):
        table = {"file": "p.csv", "with": {"entity": "A"}, "across": "month", "columns": {"v": "耗煤量"}, "missing": ["-"],
                 "skip": "合计", "ignore": "rest"}
        text = "项目,2022-01,2022-02\n耗煤量,1,2\n合计,3,3\n".encode("gb18030")
        entries, _ = settle([MONTHS], {"p.csv": text}, {"month_of": table})
        self.assertEqual(entries["all_of v"], "3000 kg formula")

    def test_json_and_xml(self):
        rows = [{"entity": "A", "month": "2022-01", "v": 1.10}]
        for name, text in (("m.json", json.dumps(rows)), ("m.xml", '<table><row entity="A" month="2022-01" v="1.10"/></table>')):
            entries, _ = settle([MONTHS], {name: text}, {"month_of": name})
            self.assertEqual(entries["year_of A 2022 v"], "1.1 t formula")

    def test_a_wrong_cell_is_a_finding(self):
        limited = json.loads(json.dumps(MONTHS))
        limited["tables"]["month_of"]["columns"]["v"]["max"] = "10"
        for text in ("entity,month,v\nA,2022-01,\n", "entity,month\nA,2022-01\n"):
            entries, codes = settle([limited], {"m.csv": text}, {"month_of": "m.csv"})
            self.assertEqual(entries["month_of A 2022-01 v"], "None t measured")
            self.assertEqual(entries["all_of v"], "None kg formula")
            self.assertEqual(codes, ["missing-value"])
        entries, codes = settle([limited], {"m.csv": "entity,month,v\nA,2022-01,11\n"}, {"month_of": "m.csv"})
        self.assertEqual(entries["month_of A 2022-01 v"], "None t measured out-of-range")
        self.assertEqual(entries["all_of v"], "None kg formula out-of-range")
        self.assertEqual(codes, ["out-of-range"])

    def test_rows_are_called_for_by_their_own_edition(self):
        def edition(version, start, end, formula):
            return pack({"m": {"key": ["entity", "month"], "columns": {"v": NUMBER, "e": {"unit": "t", "formula": formula, "round": 0}}},
                         "extra": {"key": ["entity", "month"], "columns": {"w": {**NUMBER, "report": True}}}},
                        version=version, applies={"from": start, "to": end})
        packs = [edition("1", "2022-01-01", "2022-03-31", "v"), edition("2", "2022-04-01", "2022-12-31", "v + extra.w")]
        entries, codes = settle(packs, {"m.csv": "entity,month,v\nA,2022-03,1\nA,2022-04,1\n"}, {"m": "m.csv"})
        self.assertEqual(entries, {"extra A 2022-04 w": "None t measured"})
        self.assertEqual(codes, ["missing-row"])

    def test_a_link_counts_below(self):
        packs = [pack({
            "site": {"key": ["entity"], "columns": {"district": {"input": "text", "link": True}}},
            "unit_month": {"key": ["entity", "unit", "month"], "columns": {
                "v": NUMBER, "share": {"unit": "%", "formula": "v / district_month.v", "round": 1, "report": True}}},
            "district_month": {"key": ["district", "month"], "columns": {
                "v": {"unit": "t", "formula": "sum(unit_month.v)", "round": 0, "report": True}}}})]
        files = {"s.csv": "entity,district\nA,N\nB,S\nC,N\n", "m.csv": "entity,unit,month,v\nA,1,2022-01,1\nB,1,2022-01,2\nC,7,2022-01,3\n"}
        entries, _ = settle(packs, files, {"site": "s.csv", "unit_month": "m.csv"})
        self.assertEqual(entries, {
            "district_month N 2022-01 v": "4 t formula", "district_month S 2022-01 v": "2 t formula",
            "unit_month A 1 2022-01 share": "25.0 % formula", "unit_month B 1 2022-01 share": "100.0 % formula",
            "unit_month C 7 2022-01 share": "75.0 % formula"})

    REFUSED = [      # the file m.csv, and a part of the message
        ("entity,month,v\nA,2022-01,\"1,200\"\n", "m.csv:2: v: '1,200' is not a number"),
        ("entity,month,v\nA,2022-01,１\n", "is not a number"), ("entity,month,v\nA,2022-13,1\n", "is not a month"),
        ("entity,month,v\nA,2021-12,1\n", "does not lie in the cycle"),
        ("entity,month,v\nA,2022-01,1\na ,2022-01,1\n", "m.csv:3: the key"), ("entity,month,v,w\nA,2022-01,1,2\n", "unknown column"),
        ("month,v\n2022-01,1\n", "the key column is missing"),
        ("entity,month,v [GJ]\nA,2022-01,1\n", "cannot be converted"), ("entity,month,v\nA,2022-01,1,2\n", "has 4 cells"),
        ("entity,month,v\n,2022-01,1\n", "a key cell is empty"), ("entity,month,v\nA\x01,2022-01,1\n", "control character"),
        (b"entity,month,v\n\xff\xff,2022-01,1\n", "neither UTF-8 nor GB18030"), ("entity,month,v,v\nA,2022-01,1,2\n", "stands twice"),
    ]

    def test_refused(self):
        for text, message in self.REFUSED:
            with self.subTest(text):
                with self.assertRaises(Refused) as caught:
                    settle([MONTHS], {"m.csv": text}, {"month_of": "m.csv"})
                self.assertIn(message, str(caught.exception))

    def test_a_register_is_complete(self):
        packs = [pack({"unit": {"key": ["entity"], "columns": {"n": {"input": "text", "optional": True}}},
                       "m": {"key": ["entity", "month"], "columns": {"v": NUMBER}}})]
        files = {"u.csv": "entity,n\nA,\n", "m.csv": "entity,month,v\nB,2022-01,1\n"}
        with self.assertRaises(Refused) as caught:
            settle(packs, files, {"unit": "u.csv", "m": "m.csv"})
        self.assertIn("m.csv:2: unit has no row B", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
