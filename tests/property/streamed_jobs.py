"""Random jobs around one large table whose rows are only summed: `Maker(seed).write(FOLDER)`.

Its key ends in `row`; other tables sum, count and average it, by several keys and lengths of period,
with filters; its rows read factors and registers, and may lack cells, be out of range or fail. Its
files are split, shuffled, quoted, with BOM or CRLF. Odd seeds keep to plain sums and counts; every
other even seed keeps to what batch programs do: filters, extremes, means and checks, but no quotients of
two columns and nothing from registers.
"""

import json
import random
import re

ROW_KEYS = [["entity", "row"], ["entity", "unit", "month", "row"], ["entity", "unit", "fuel", "month", "row"],
            ["entity", "fuel", "day", "row"], ["unit", "row"], ["entity", "month", "row"]]
TOTAL_KEYS = [[], ["entity"], ["fuel"], ["district"], ["entity", "unit"], ["year"], ["quarter"], ["entity", "year"],
              ["entity", "quarter"], ["unit", "month"], ["fuel", "month"], ["entity", "unit", "month"], ["cycle"],
              ["district", "year"]]
PERIODS = ("day", "month", "quarter", "year", "cycle")
FUELS = ["coal", "gas", "oil", 'odd, "kind"', "气"]
FIELDS = [{"name": "fuel", "type": "string"}, {"name": "valid_from", "type": "date"}, {"name": "valid_to", "type": "date"},
          {"name": "carbon", "type": "number", "unit": "tC/t"}, {"name": "ch4", "type": "number", "unit": "kg/t"},
          {"name": "source", "type": "string"}, {"name": "status", "type": "string"}]
FACTORS = '''fuel,valid_from,valid_to,carbon,ch4,source,status
coal,2020-01-01,2022-03-31,0.6,0.02,x,recalled
coal,2022-04-01,,0.61,0.02,x,verified
gas,2020-01-01,,0.75,,x,verified
oil,2020-01-01,2022-06-30,0.85,0.1,x,draft
"odd, ""kind""",2020-01-01,,0.123456789,0.3,x,verified
气,2020-01-01,,1,1,x,verified
'''
HUGE = ["9223372036854775807", "-9223372036854775808", "9223372036854775808", "170141183460469231731687303715884105727",
        "4611686018427387904", "0.000000000001", "9007199254740993"]
# Aggregates with their units: sums and counts of columns as they stand first.
PLAIN = {"E": ("sum(act.E)", "tCO2"), "n": ("count(act)", "1"), "M": ("sum(act.M)", "kg"), "FC": ("sum(act.FC)", "kg")}
OTHERS = {
    "nc": ('count(act[fuel = "coal"])', "1"), "ec": ('sum(act[fuel = "coal" and ok].E)', "tCO2"),
    "mn": ("min(act.FC)", "t"), "mx": ("max(act.E)", "tCO2"), "av": ("mean(act.FC)", "t"),
    "wav": ("mean(act.C, act.FC)", "tC/t"), "Q": ("sum(act.Q)", "1"), "P": ("sum(act.P)", "CNY"),
    "q2": ("sum(act.FC / (act.FC - 7[t]))", "1"), "no": ("count(act[C != null])", "1"),
    "z": ("sum(act[OF > 50[%]].Z)", "t"), "nn": ("sum(act[FC != null].FC)", "t"), "mm": ("mean(act.M)", "kg"),
    "wm": ("mean(act.FC, act.M)", "t"), "wz": ("mean(act[ok].FC, act.Z)", "t"), "qf": ("count(act[Q > 1])", "1"),
    "any": ("any(act.ok)", None), "all": ("all(act.ok)", None), "anyf": ("any(act[FC > 0[t]].E > 10[tCO2])", None),
    "allf": ("all(act[ok].FC > 1[t])", None), "per": ("sum(act.E) / sum(act.FC)", "tCO2/t"),
    "two": ("sum(act.E) + sum(act[ok].E) - min(act.E)", "tCO2"), "lastd": ("max(act.d)", None),
    "W": ("sum(act.W)", "t"), "mw": ("min(act.W)", "t"), "big": ("sum(act.FC * act.FC * act.FC) / 1[t] / 1[t]", "t"),
    "S": ("sum(act.S)", "t"), "mS": ("mean(act[FC > 9[t]].S)", "t"), "U": ("max(act.U)", "t"), "nU": ("count(act[U > 7[t]])", "1"),
    "wU": ("mean(act.U, act.FC)", "t"), "okf": ("count(act[ok = false])", "1"),
    "third": ("sum(act.FC / 3)", "t"), "thirds": ("mean(act.T)", "t"),
    "jan": ('sum(act[month = "2022-01"].FC)', "t"), "half": ('count(act[month > "2022-03"])', "1"),
}
# What rows do not answer in a batch program.
GENERAL = ("q2", "Q", "qf", "W", "mw", "P")


class Maker:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.plain = seed % 2 == 1
        self.quick = seed % 4 == 2
        self.key = self.rng.choice(ROW_KEYS)
        self.clean = self.chance(0.7 if self.plain or self.quick else 0.3)
        self.huge = self.chance(0.05 if self.quick else 0.15)          # figures at the edges of int64 and int128
        self.two_editions = self.chance(0.1 if self.quick else 0.3) and any(k in PERIODS for k in self.key)
        self.decimals = None if self.huge else self.rng.choice([2, 2, None])
        self.columns = self.row_columns()
        others = {n: one for n, one in OTHERS.items() if not (self.quick and n in GENERAL)}
        self.sums = {n: one for n, one in {**PLAIN, **({} if self.plain else others)}.items() if self.is_there(one[0])}

    def chance(self, share):
        return self.rng.random() < share

    def is_there(self, formula):
        if formula == "max(act.d)" and not any(k in PERIODS for k in self.key):
            return False
        if "[month " in formula and "month" not in self.key:
            return False
        names = set(re.findall(r"\w+", formula))
        return not any(c in names for c in ("M", "Q", "P", "Z", "W", "T", "S", "U") if c not in self.columns)

    # The pack

    def row_columns(self):
        quantity = {"input": "number", "unit": self.rng.choice(["t", "kg"])}
        if self.decimals is not None:
            quantity["decimals"] = self.decimals
        if not self.huge:
            quantity.update(min="-10" if quantity["unit"] == "t" else "-10000", max="9000" if quantity["unit"] == "t" else "9000000")
        if self.chance(0.3):
            quantity["label"] = {"en": "fuel used", "zh": "消耗量"}
        columns = {} if "fuel" in self.key else {"fuel": {"input": "text"}}
        columns.update({
            "FC": quantity,
            "C": {"input": "number", "unit": "tC/t", "optional": True, "formula": "fuels(fuel).carbon"},
            "OF": {"input": "number", "unit": "%", "optional": self.chance(0.5)},
            "ok": {"input": "bool", "optional": True},
            "d": {"input": "date", "optional": True},
            "E": {"unit": "tCO2", "formula": "FC * C * OF * k"}})
        if self.chance(0.8):
            columns["E"]["round"] = self.rng.choice([0, 2, {"decimals": 1, "mode": "half-up"}])
        if self.chance(0.6):
            columns["M"] = {"unit": "kg", "formula": "FC * fuels(fuel).ch4", "round": self.rng.choice([0, 3])}
            if self.chance(0.4):
                columns["M"]["when"] = "FC > 0[t]"
        if self.plain:
            return columns
        columns["Z"] = {"unit": "t", "formula": "if ok then FC else min(FC, 3[t])"}
        columns["T"] = {"unit": "t", "formula": "FC / 7"}
        if self.quick:
            columns["S"] = {"unit": "t", "optional": True, "input": "number", "when": "ok", "formula": "FC / 2"}
            columns["U"] = {"unit": "t", "cases": [{"when": "FC > 500[t]", "formula": "FC"}, {"when": "ok", "formula": "2 * FC"}]}
            return columns
        if self.chance(0.5):
            columns["Q"] = {"unit": "1", "formula": "FC / (FC - 5[t])"}
        if self.chance(0.5):
            columns["W"] = {"unit": "t", "formula": 'FC * site.w2' if "entity" in self.key else "FC * 2"}
        if self.chance(0.6):
            share = "site.w" if "entity" in self.key else "2"
            columns["P"] = {"unit": "CNY", "cases": [{"when": "ok", "formula": "FC * price.p", "how": "measured"},
                                                     {"when": "FC > 50[t]", "formula": f"FC * {share} * 1[CNY/t]"}]}
        return columns

    def total(self, key):
        columns = {}
        for name, (formula, unit) in self.sums.items():
            if name == "E" or self.chance(0.5):
                columns["t" + name] = {"formula": formula, "report": True, **({"unit": unit, "shown": 8} if unit else {})}
        if "unit" in columns["tE"] and self.chance(0.3):
            columns["tE"] = {**columns["tE"], "round": 1}
            columns["tE"].pop("shown")
        return {"key": key, "columns": columns}

    def fits(self, key):
        """Whether rows of that key can list the table: its keys are the row's own, its periods longer."""
        mine = next((PERIODS.index(k) for k in self.key if k in PERIODS), None)
        for part in key:
            if part in PERIODS and (mine is None or PERIODS.index(part) < mine):
                return False
            if part == "district" and "entity" not in self.key:
                return False
            if part not in PERIODS and part != "district" and part not in self.key:
                return False
        return True

    def checks(self):
        found = [{"id": "tot", "table": "total0", "severity": "error", "require": "sum(act.E) < 100000[tCO2]",
                  "message": {"en": "E {tE}", "zh": "大"}, "cite": "x"}]
        if not self.plain and self.chance(0.6):
            found.append({"id": "neg", "table": "act", "severity": "warning", "require": "FC >= 0[t]",
                          "message": {"en": "FC {FC} is {E}", "zh": "负"}, "cite": "x"})
        if not self.plain and self.chance(0.4):
            found.append({"id": "big", "table": "act", "severity": "info", "when": "ok", "require": "Z < 8000[t]",
                          "message": {"en": "Z {Z}", "zh": "大"}, "cite": "x"})
        return found

    def packs(self):
        keys = [k for k in TOTAL_KEYS if self.fits(k)]
        if self.chance(0.85):                  # a total by a link needs the rows
            keys = [k for k in keys if "district" not in k]
        chosen = [[]] + self.rng.sample(keys[1:], min(len(keys) - 1, self.rng.choice([1, 2, 3])))
        site = {"w": {"input": "number", "unit": "1"}, "w2": {"unit": "1", "formula": "w * 2"},
                "district": {"input": "text", "link": True, "optional": self.chance(0.3)}}
        tables = {"act": {"key": self.key, "columns": self.columns},
                  "price": {"key": [], "columns": {"p": {"input": "number", "unit": "CNY/t"}}},
                  "site": {"key": ["entity"], "columns": site}}
        tables.update({f"total{i}": self.total(k) for i, k in enumerate(chosen)})
        pack = {"pack": "rnd.stream", "version": "1", "title": {"en": "t"}, "document": "none",
                "applies": {"from": "2000-01-01"}, "factors": {"fuels": "rnd.fuels@1"},
                "constants": {"k": {"value": "44/12", "unit": "tCO2/tC"}},
                "rounding": self.rng.choice(["half-even", "half-up", "down", "up"]), "tables": tables, "checks": self.checks()}
        if not self.two_editions:
            return [pack]
        pack["applies"]["to"] = "2022-06-30"
        later = {"pack": "rnd.stream", "version": "2", "extends": "1", "title": {"en": "t"}, "document": "none",
                 "applies": {"from": self.rng.choice(["2022-07-01"] * 4 + ["2022-09-01"])},
                 "tables": {"act": {"columns": {"E": {"unit": "tCO2", "formula": "FC * C * k * 0.5"}}}}}
        return [pack, later]

    # The files

    def quantity(self):
        rng = self.rng
        if self.huge:
            return rng.choice(HUGE + [f"{rng.randint(1, 9)}e{rng.randint(0, 30)}", "1"])
        if not self.clean and self.chance(0.06):
            return rng.choice([f"{rng.randint(0, 99999) / 100}", "5", "7", "", "-3", "9000.5", "12.345", "9000001", "1e2"])
        return f"{rng.randint(0, 99999) / 100:.2f}"

    def row(self, entities):
        rng = self.rng
        month = rng.randint(1, 12)
        kinds = ["coal", "gas"] if self.clean else FUELS + (["peat"] if self.chance(0.1) else [])
        lacks = 0 if self.clean else 0.03
        return {"entity": rng.choice(entities), "unit": rng.choice("12"), "fuel": rng.choice(kinds),
                "month": f"2022-{month:02d}", "day": f"2022-{month:02d}-{rng.randint(1, 28):02d}", "FC": self.quantity(),
                "C": rng.choice(["", "0.5", "0.61234"]), "OF": "" if self.chance(lacks) else rng.choice(["98", "99.5", "97.25"]),
                "ok": "" if self.chance(lacks) else rng.choice(["true", "false"]),
                "d": "" if self.chance(lacks) else rng.choice(["2022-05-05", "2022-05-07"]),
                **({"S": rng.choice(["", "", "3.5"])} if self.quick else {})}

    def cell(self, text):
        if any(c in text for c in ',"\n') or self.chance(0.01):
            return '"' + text.replace('"', '""') + '"'
        return text

    def spoil(self, row):
        """A fault for which the job is refused, or a finding by file and line."""
        row.update(self.rng.choice([{"FC": "1,200"}, {"FC": "n/a"}, {"ok": "maybe"}, {"d": "2022-02-30"}, {"entity": "nobody"},
                                    {"month": "2030-01", "day": "2030-01-01"}, {"entity": ""}, {"FC": "-"}]))

    def table_text(self, rows):
        rng = self.rng
        heads = [k for k in self.key if k != "row"] + [c for c in self.columns if "input" in self.columns[c]]
        heads = [h for h in heads if h not in ("C", "d", "S") or rng.random() < 0.8]
        rng.shuffle(heads)
        titles = []
        for head in heads:
            unit = self.columns.get(head, {}).get("unit")
            if head == "FC" and "label" in self.columns[head] and self.chance(0.5):
                titles.append("消耗量")
            else:
                titles.append(f"{head} [{unit}]" if unit and self.chance(0.3) else "FC [t]" if head == "FC" and self.chance(0.2) else head)
        end = rng.choice(["\n", "\n", "\r\n"])
        lines = [",".join(titles)] + [",".join(self.cell(row[h]) for h in heads) for row in rows]
        if self.chance(0.2) and len(lines) > 2:
            lines.insert(rng.randrange(1, len(lines)), "")
        text = end.join(lines) + (end if self.chance(0.8) else "")
        return ("\ufeff" if self.chance(0.2) else "") + text

    def write(self, folder):
        rng = self.rng
        factors, job = folder / "factors", folder / "job"
        for place in (factors / "packs" / "rnd.stream", factors / "tables" / "rnd.fuels" / "1", job):
            place.mkdir(parents=True)
        for pack in self.packs():
            text = json.dumps(pack, indent=1, ensure_ascii=False)
            (factors / "packs" / "rnd.stream" / f"{pack['version']}.json").write_text(text, encoding="utf-8")
        schema = {"primaryKey": ["fuel", "valid_from"], "fields": FIELDS}
        package = {"name": "rnd.fuels", "version": "1", "title": "t",
                   "resources": [{"name": "rnd.fuels", "path": "fuels.csv", "schema": schema}]}
        (factors / "tables/rnd.fuels/1/datapackage.json").write_text(json.dumps(package), encoding="utf-8")
        (factors / "tables/rnd.fuels/1/fuels.csv").write_text(FACTORS, encoding="utf-8")
        entities = ["A", "B", "C", "乙", "D"][:rng.choice([1, 3, 5])]
        rows = [self.row(entities) for _ in range(rng.choice([0, 1, 3, 40, 300, 300]))]
        if self.chance(0.5):
            rows.sort(key=lambda row: (row["entity"], row["month"]))
        if rows and self.chance(0.08):
            self.spoil(rng.choice(rows))
        files = []
        count = rng.choice([1, 2, 5])
        for number in range(count):
            part = rows[number * len(rows) // count:(number + 1) * len(rows) // count]
            (job / f"act{number}.csv").write_bytes(self.table_text(part).encode("utf-8"))
            files.append(f"act{number}.csv")
        tables = {"act": files if len(files) > 1 else files[0], "price": "price.csv"}
        (job / "price.csv").write_text("p\n12.5\n", encoding="utf-8")
        if self.chance(0.92):
            known = [e for e in entities if self.chance(0.99)] + ["E"]
            (job / "site.csv").write_text("entity,w,district\n" + "".join(
                f"{e},{rng.choice(['1', '2', '3.5', '' if not self.clean else '4'])},{rng.choice('NS')}\n" for e in known), encoding="utf-8")
            tables["site"] = "site.csv"
        content = {"job": "random", "cycle": {"id": "c1", "years": ["2022"]}, "as_of": "2022-12-31", "subject": "entity",
                   "packs": ["rnd.stream"], "tables": tables}
        (job / "job.json").write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
