"""A random valid pack with random inputs: `generate.py SEED FOLDER`. The same seed gives the same
files. FOLDER gets factors/ (pack and factor tables) and job/ (job.json and its tables).

About one job in ten holds a fault on purpose: both evaluators must then refuse it.
"""

import argparse
import copy
import json
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import factor_tables                                            # noqa: E402
import input_files                                              # noqa: E402
from expressions import KINDS, Place, Writer                    # noqa: E402
from model import KEYS, UNITS, Column, Table                 # noqa: E402

MODES = ["half-even", "half-up", "down", "up"]


class Maker:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.tables = {}
        self.count = 0
        self.pack = {"pack": "rnd.first", "version": "1", "title": {"en": "random"}, "document": "none",
                     "applies": {"from": "2000-01-01"}, "rounding": self.rng.choice(MODES)}

    def name(self, prefix):
        self.count += 1
        return f"{prefix}{self.count}"

    # Columns

    def choose_tables(self):
        """The registers and the monthly fuel table always; others by chance."""
        for name in KEYS:
            if name in ("site", "line", "fuel_month", "line_year") or self.rng.random() < 0.6:
                self.tables[name] = Table(name)
        if "pair" in self.tables and "gas_kind" not in self.tables:
            del self.tables["pair"]

    def add(self, table, type_, content, unit=None, name=None):
        column = Column(table, name or self.name("c"), type_, content, unit)
        table.columns.append(column)
        return column

    def number_input(self, table, optional=None):
        rng = self.rng
        type_ = rng.choice(["1", "mass", "mass", "energy", "density"])
        unit = rng.choice(UNITS[type_])
        content = {"input": "number", "unit": unit}
        if optional if optional is not None else rng.random() < 0.35:
            content["optional"] = True
        if rng.random() < 0.3:
            content["min"] = "-1000000"
        if rng.random() < 0.3:
            content["decimals"] = rng.choice([0, 1, 2])
        if rng.random() < 0.4:
            content["report"] = True
        name = self.name("in")
        if rng.random() < 0.4:
            content["label"] = {"en": f"input {name}", "zh": f"输入{name}"}
        return self.add(table, type_, content, unit, name)

    def add_inputs(self):
        for table in self.tables.values():
            if table.name in ("line_year", "district_year", "city", "city_cycle", "site_quarter", "pair"):
                continue
            for _ in range(self.rng.choice([1, 2, 2, 3])):
                self.number_input(table)
            if self.rng.random() < 0.5:
                codes = {k: {"en": f"label {k}"} for k in KINDS} if self.rng.random() < 0.5 else "text"
                self.add(table, "text", {"input": codes, "optional": True, "report": self.rng.random() < 0.3}, name=self.name("k"))
            if self.rng.random() < 0.4:
                self.add(table, "bool", {"input": "bool", "optional": self.rng.random() < 0.5}, name=self.name("b"))
            if self.rng.random() < 0.4 or table.name == "line":
                self.add(table, "date", {"input": "date", "optional": True}, name=self.name("d"))

    def add_links(self):
        if "district_year" not in self.tables:
            return
        site = self.tables["site"]
        link = {"input": "text", "link": True}
        if self.rng.random() < 0.2:
            link["optional"] = True
        self.add(site, "text", link, name="district")
        site.links = ["district"]
        if "site_year" in self.tables:
            self.add(self.tables["site_year"], "text", {"formula": "site.district", "link": True}, name="district")
            self.tables["site_year"].links = ["district"]
        for table in self.tables.values():
            if "entity" in table.key and not table.links:
                table.inherited = ["district"]

    def shape_tables(self):
        """`every` and `cross`."""
        for name in ("line_month", "site_month", "fuel_month"):
            if name in self.tables and self.rng.random() < 0.4:
                dates = [c.name for c in self.tables["line"].columns if c.type == "date"]
                every = "month"
                if name != "site_month" and dates and self.rng.random() < 0.5:
                    every = {"period": "month", "from": f"line.{dates[0]}"}
                self.tables[name].content["every"] = every
        if "pair" in self.tables:
            self.tables["pair"].content["cross"] = ["line", "gas_kind"]
        for table in self.tables.values():
            if self.rng.random() < 0.2:
                table.content["optional"] = True

    def computed(self, writer, table, type_):
        """The content of a computed column."""
        rng, place = self.rng, Place(table)
        content = {}
        if type_ in UNITS:
            content["unit"] = rng.choice(UNITS[type_])
            self._rounding(content)
        elif rng.random() < 0.9:
            content["report"] = True
        if rng.random() < 0.25:
            content["when"] = writer.bool(Place(table, depth=2))
        if rng.random() < 0.25:
            hows = ["measured", "default", "substituted", "penalty", "formula"]
            cases = [{"when": writer.bool(Place(table, depth=2)), "formula": writer.write(type_, place), "how": rng.choice(hows),
                      "cite": f"case {i}"} for i in range(rng.choice([1, 2]))]
            if rng.random() < 0.7:
                cases.append({"formula": writer.write(type_, place)})
            content["cases"] = cases
        else:
            content["formula"] = writer.write(type_, place)
        return content

    def _rounding(self, content):
        rng = self.rng
        n = rng.choice([0, 1, 2, 3, 4, -1])
        kind = rng.randrange(6)
        if kind < 3:
            content["round"] = n
        elif kind == 3:
            content["round"] = {"decimals": n, "mode": rng.choice(MODES)}
        elif kind == 4:
            content["round"] = {"significant": rng.choice([1, 3, 5]), "mode": rng.choice(MODES)}
        elif rng.random() < 0.8:
            content["shown"] = rng.choice([0, 2, 5, 20])
        if "round" in content or "shown" in content:
            content["report"] = rng.random() < 0.9

    def add_computed(self, writer, count):
        rng = self.rng
        for _ in range(count):
            table = rng.choice(list(self.tables.values()))
            type_ = rng.choice(["1", "1", "mass", "mass", "energy", "energy", "density", "bool", "text", "date"])
            content = self.computed(writer, table, type_)
            if type_ in UNITS and table.name not in ("city", "city_cycle", "line_year", "district_year", "site_quarter", "pair") \
                    and rng.random() < 0.15:
                content["input"] = "number"
            self.add(table, type_, content, content.get("unit"))
            if table.period not in (None, "cycle") and rng.random() < 0.3:
                self.add_loop(writer, table)

    def add_loop(self, writer, table):
        """A column that reads its own earlier periods, or two that read each other's."""
        rng, period = self.rng, table.period
        unit = rng.choice(["t", "GJ"])
        type_ = "mass" if unit == "t" else "energy"
        new = writer.write(type_, Place(table, depth=1))
        keys = ", ".join(f"{k} - {rng.choice([1, 2])}" if k == period else k for k in table.key)
        mine, other = self.name("loop"), self.name("loop")
        back = rng.choice([f"coalesce({table.name}({keys}).{{}}, 100[{unit}]) * 0.9", f"sum({table.name}[{period} < this.{period}].{{}}) / 3",
                           f"max(sum({table.name}[{period} between this.{period} - 5 and this.{period} - 1].{{}}), -1e9[{unit}])"])
        content = {"unit": unit, "round": rng.choice([0, 2, 3]), "report": True}
        if rng.random() < 0.5:
            self.add(table, type_, {**content, "formula": back.format(mine) + f" + ({new})"}, unit, mine)
            return
        pair = [Column(table, mine, type_, {**content, "formula": back.format(other) + f" + ({new})"}, unit),
                Column(table, other, type_, {**content, "formula": f"{mine} / 2"}, unit)]
        table.columns += pair

    # The pack

    def build(self):
        rng = self.rng
        self.choose_tables()
        self.add_links()
        self.add_inputs()
        self.made_factors = factor_tables.make(rng)
        self.pack["factors"] = {f.name: f"rnd.{f.name}@1" for f, _, _ in self.made_factors}
        constants = {"k_one": ("44/12", "1", "1"), "k_mass": ("0.5", rng.choice(UNITS["mass"]), "mass"),
                     "k_heat": ("29.3", rng.choice(UNITS["density"]), "density")}
        self.pack["constants"] = {n: {"value": v, "unit": u, "cite": "none"} for n, (v, u, _) in constants.items()}
        self.pack["parameters"] = {"choice": {"choices": ["coal", "big"], "default": "coal", "status": "verified", "cite": "none"},
                                   "limit": {"unit": "t", "min": "0", "max": "100", "default": "12.5", "cite": "none"}}
        self.writer = Writer(rng, self.tables, [f for f, _, _ in self.made_factors],
                             {n: d for n, (_, _, d) in constants.items()}, {"choice": "text", "limit": "mass"})
        self.shape_tables()
        self.add_computed(self.writer, rng.randint(8, 22))
        self.pack["tables"] = self.table_members(self.tables)
        self.pack["checks"] = [
            {"id": f"check-{i}", "table": table.name, "severity": rng.choice(["error", "warning", "info"]),
             "require": self.writer.bool(Place(table)), "message": {"en": "random", "zh": "随机"}, "cite": "none"}
            for i, table in enumerate(rng.sample(list(self.tables.values()), 2))]
        return [self.pack] + self.second_edition() + self.second_pack()

    def second_pack(self):
        """By chance another pack, which needs the first and adds columns to its tables."""
        rng = self.rng
        if rng.random() < 0.7:
            return []
        before = {t.name: len(t.columns) for t in self.tables.values()}
        pack = {"pack": "rnd.second", "version": "1", "title": {"en": "random"}, "applies": {"from": rng.choice(["2000-01-01", "2022-02-01"])},
                "needs": ["rnd.first"], "rounding": rng.choice(MODES), "factors": list(self.pack["factors"].values()),
                "constants": {"k_own": {"value": "1.5", "unit": "GJ/t", "cite": "none"}}}
        self.number_input(self.tables["line_year"], optional=True)
        self.add_computed(Writer(rng, self.tables, self.writer.factors, {"k_own": "density"}, {}), rng.randint(3, 8))
        members = {}
        for table in self.tables.values():
            new = table.columns[before[table.name]:]
            if new:
                members[table.name] = {"key": table.key, "columns": {c.name: c.content for c in new}}
        return [{**pack, "tables": members}]

    @staticmethod
    def table_members(tables):
        return {t.name: {**t.content, "columns": {c.name: c.content for c in t.columns}} for t in tables.values()}

    def second_edition(self):
        """By chance the pack has a later edition that replaces some columns and adds one."""
        rng = self.rng
        if rng.random() < 0.6:
            return []
        self.pack["applies"] = {"from": "2000-01-01", "to": rng.choice(["2022-02-28", "2022-03-31", "2021-12-31"])}
        start = {"2022-02-28": "2022-03-01", "2022-03-31": "2022-04-01", "2021-12-31": "2022-01-01"}[self.pack["applies"]["to"]]
        later = {"pack": "rnd.first", "version": "2", "title": {"en": "random"}, "extends": "1", "applies": {"from": start},
                 "rounding": rng.choice(MODES), "tables": {}}
        earlier = copy.copy(self.writer)
        for table in self.tables.values():
            columns, made = {}, list(table.columns)
            for i, column in enumerate(made):
                if column.is_input or column.name.startswith("loop") or "link" in column.content or rng.random() > 0.3:
                    continue
                earlier.tables = self._before(column)
                place = earlier.tables[table.name]
                content = self.computed(earlier, place, column.type)
                if "unit" in content:
                    content["unit"] = column.unit
                if "input" in column.content:
                    content["input"] = column.content["input"]
                columns[column.name] = content
            if columns:
                later["tables"][table.name] = {"columns": columns}
        return [later]

    def _before(self, column):
        """The tables with inputs and the columns made before this one: names count upwards."""
        found = {}
        number = int("".join(c for c in column.name if c.isdigit()) or 0)
        for table in self.tables.values():
            copied = copy.copy(table)
            copied.columns = [c for c in table.columns
                              if c.is_input or int("".join(d for d in c.name if d.isdigit()) or 0) < number]
            found[table.name] = copied
        return found

    # Files

    def write(self, folder):
        packs = self.build()
        factors, job = folder / "factors", folder / "job"
        job.mkdir(parents=True)
        for pack in packs:
            place = factors / "packs" / pack["pack"]
            place.mkdir(parents=True, exist_ok=True)
            (place / f"{pack['version']}.json").write_text(json.dumps(pack, indent=1, ensure_ascii=False), encoding="utf-8")
        factor_tables.write(factors, self.made_factors)
        content = {"job": "random", "cycle": {"id": "c1", "years": self.rng.choice([["2022"], ["2021", "2022"]])},
                   "as_of": "2022-12-31", "packs": [packs[-1]["pack"]]}
        if packs[-1]["pack"] == "rnd.first" and len(packs) > 1 and self.rng.random() < 0.15:
            content["packs"] = ["rnd.first@" + self.rng.choice("12")]
        if self.rng.random() < 0.3:
            content["parameters"] = {"rnd.first": {"choice": "big", "limit": "20"}}
        content.update(input_files.write(self.rng, job, self.tables, content["cycle"]["years"]))
        (job / "job.json").write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("seed", type=int)
    parser.add_argument("folder", type=pathlib.Path)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    Maker(options.seed).write(options.folder)


if __name__ == "__main__":
    main()
