"""Rule packs as they stand in their files, with `extends` carried out (rule-language §2, §4, §10).

Everything is read and given its shape here; names, types and units are checked in resolve.py.
"""

import pathlib
import re

import exact
import factors
import periods
import syntax
import texts
from values import Problem

INHERITED_BY_NAME = ("constants", "parameters", "instruments")
NEVER_INHERITED = ("title", "authority", "document", "applies", "examples", "note")
COLUMN_MEMBERS = {"input", "formula", "cases", "unit", "optional", "min", "max", "decimals", "round",
                  "shown", "report", "label", "cite", "note", "when", "link", "open", "disclose"}


class Column:
    """One column of one edition: the members of §4, formulas parsed."""

    def __init__(self, name, content, units):
        self.name = name
        unknown = set(content) - COLUMN_MEMBERS
        if unknown:
            raise Problem(f"unknown member {sorted(unknown)[0]!r}")
        self.input = content.get("input")
        self.choices = self.choice_labels = None
        if isinstance(self.input, (list, dict)):
            self._read_choices(content["input"])
        elif self.input not in (None, "number", "text", "date", "bool"):
            raise Problem(f"input {self.input!r} is not number, text, date, bool or a list")
        self.unit = units.parse(content["unit"]) if "unit" in content else None
        self.cases = read_cases(content)
        self.when = syntax.parse(content["when"]) if "when" in content else None
        if self.input is None and not self.cases:
            raise Problem("has neither input nor formula")
        if self.input == "number" and self.unit is None:
            raise Problem("a number column has a unit")
        if self.input not in (None, "number") and self.unit is not None:
            raise Problem("only a number column has a unit")
        self.optional = content.get("optional", False) or bool(self.cases)
        self.minimum = self._limit(content, "min")
        self.maximum = self._limit(content, "max")
        self.decimals = int(content["decimals"]) if "decimals" in content else None
        self.round = read_round(content.get("round"))
        self.shown = read_round(content.get("shown"))
        self.report = content.get("report", False)
        self.link = content.get("link", False)
        self.open = content.get("open", False)
        self.labels = labels(content.get("label"))
        self.cite = content.get("cite")

    def _read_choices(self, choices):
        self.input = "text"
        self.choices = list(choices)
        self.choice_labels = {}
        if isinstance(choices, dict):
            for code, label in choices.items():
                for text in labels(label):
                    self.choice_labels[text] = code

    @staticmethod
    def _limit(content, member):
        return exact.parse_ratio(content[member]) if member in content else None


def labels(label):
    if label is None:
        return []
    return [str(label)] if isinstance(label, str) else [str(v) for v in label.values()]


def read_cases(content):
    """`formula` is one case without `when`; each case: (when, formula, how, cite)."""
    if "formula" in content and "cases" in content:
        raise Problem("has both formula and cases")
    cases = content.get("cases", [])
    if "formula" in content:
        cases = [{"formula": content["formula"]}]
    found = []
    for case in cases:
        unknown = set(case) - {"when", "formula", "how", "cite", "note", "label"}
        if unknown:
            raise Problem(f"unknown member {sorted(unknown)[0]!r} in a case")
        when = syntax.parse(case["when"]) if "when" in case else None
        how = case.get("how", "formula")
        if how not in ("measured", "default", "substituted", "penalty", "formula"):
            raise Problem(f"how {how!r}")
        found.append((when, syntax.parse(case["formula"]), how, case.get("cite")))
    return found


def read_round(content):
    """("decimals" or "significant", n, mode or None), or None."""
    if content is None:
        return None
    if isinstance(content, dict):
        mode = content.get("mode")
        if mode is not None and mode not in exact.MODES:
            raise Problem(f"rounding mode {mode!r}")
        kind = "significant" if "significant" in content else "decimals"
        return kind, int(content[kind]), mode
    return "decimals", int(content), None


class Table:
    def __init__(self, name, content):
        self.name = name
        self.key = list(content["key"])
        self.every = content.get("every")
        self.cross = content.get("cross")
        self.unique = content.get("unique", [])
        self.optional = content.get("optional", False)
        self.columns = {}
        key_periods = [k for k in self.key if k in periods.KINDS]
        if len(key_periods) > 1:
            raise Problem("has two periods in its key")
        if "row" in self.key[:-1]:
            raise Problem("row must be the last of the key")


class Check:
    def __init__(self, content):
        self.id = content["id"]
        self.table = content["table"]
        self.severity = content.get("severity", "error")
        self.require = syntax.parse(content["require"])
        self.when = syntax.parse(content["when"]) if "when" in content else None
        self.message = content.get("message", {})
        self.cite = content.get("cite")


class Edition:
    """One pack at one version, complete (after `extends`)."""

    def __init__(self, content, path):
        self.content = content
        self.path = path
        self.pack = content["pack"]
        self.version = content["version"]
        self.name = f"{self.pack}@{self.version}"
        applies = content.get("applies", {})
        self.first = periods.parse_date(applies["from"]) if "from" in applies else None
        self.last = periods.parse_date(applies["to"]) if applies.get("to") else None
        self.rounding = content.get("rounding", "half-even")
        self.needs = list(content.get("needs", []))
        self.examples = content.get("examples", [])
        self.instruments = content.get("instruments", {})
        self.tables, self.checks = {}, {}
        self.constants, self.parameters, self.factors = {}, {}, {}

    def covers(self, day):
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def build(self, library, problems):
        """Tables, constants, parameters, factors and checks; each problem with its place."""
        def attempt(place, action):
            try:
                return action()
            except (Problem, ValueError, KeyError, TypeError) as error:
                text = f"lacks {error}" if isinstance(error, KeyError) else str(error)
                problems.append(f"{self.name}: {place}: {text}")
                return None
        if self.rounding not in exact.MODES:
            problems.append(f"{self.name}: rounding {self.rounding!r}")
        for name, content in self.content.get("tables", {}).items():
            table = attempt(name, lambda: Table(name, content))
            if table is None:
                continue
            self.tables[name] = table
            for column, member in content.get("columns", {}).items():
                made = attempt(f"{name}.{column}", lambda: _column(column, member, library.units))
                if made is not None:
                    table.columns[column] = made
        for name, content in self.content.get("constants", {}).items():
            self.constants[name] = attempt(name, lambda: _constant(content, library.units))
        for name, content in self.content.get("parameters", {}).items():
            self.parameters[name] = attempt(name, lambda: Parameter(name, content, library.units))
        for name, full in _factor_names(self.content.get("factors", [])).items():
            self.factors[name] = attempt(name, lambda: library.factor_table(full))
        for content in self.content.get("checks", []):
            check = attempt(f"check {content.get('id')}", lambda: Check(content))
            if check is not None:
                self.checks[check.id] = check


def _column(name, content, units):
    if not syntax.is_name(name):
        raise Problem("is not a name")
    return Column(name, content, units)


def _constant(content, units):
    if not isinstance(content, dict):
        content = {"value": content}
    unit = units.parse(content.get("unit", "1"))
    return exact.parse_ratio(content["value"]) * unit.ratio, unit


class Parameter:
    """A choice that the rule leaves open: a text among choices, or a number with a unit (§10)."""

    def __init__(self, name, content, units):
        self.name = name
        self.choices = list(content["choices"]) if "choices" in content else None
        self.unit = None if self.choices else units.parse(content.get("unit", "1"))
        self.status = content.get("status")
        self.minimum = exact.parse_ratio(content["min"]) if "min" in content else None
        self.maximum = exact.parse_ratio(content["max"]) if "max" in content else None
        self.default = self.value_of(content["default"])

    def value_of(self, text):
        if self.choices is not None:
            if text not in self.choices:
                raise Problem(f"parameter {self.name}: {text!r} is not one of {self.choices}")
            return str(text)
        value = exact.parse_ratio(text)
        if (self.minimum is not None and value < self.minimum) or (
                self.maximum is not None and value > self.maximum):
            raise Problem(f"parameter {self.name}: {text} is out of its range")
        return value * self.unit.ratio


def _factor_names(content):
    """name in formulas -> id@version; the last word of the id where the pack gives no name (§9)."""
    if isinstance(content, dict):
        return {name: str(full) for name, full in content.items()}
    return {full.split("@")[0].split(".")[-1]: full for full in content}


def extend(parent, child):
    """`extends` (§10): the child's tables' columns, constants and checks replace one by one."""
    merged = {k: v for k, v in parent.items() if k not in NEVER_INHERITED}
    for member, value in child.items():
        if member == "tables":
            merged["tables"] = _extend_tables(parent.get("tables", {}), value)
        elif member == "checks":
            merged["checks"] = _extend_checks(parent.get("checks", []), value)
        elif member in INHERITED_BY_NAME:
            both = {**parent.get(member, {}), **value}
            merged[member] = {k: v for k, v in both.items() if v is not None}
        elif member == "factors":
            both = {**_factor_names(parent.get("factors", [])), **_factor_names(value)}
            merged["factors"] = {k: v for k, v in both.items() if v is not None and v != "None"}
        else:
            merged[member] = value
    return merged


def _extend_tables(parent, child):
    tables = dict(parent)
    for name, content in child.items():
        if content is None:
            tables.pop(name, None)
            continue
        old = parent.get(name, {})
        columns = {**old.get("columns", {}), **content.get("columns", {})}
        columns = {k: v for k, v in columns.items() if v is not None}
        tables[name] = {**old, **content, "columns": columns}
    return tables


def _extend_checks(parent, child):
    checks = {c["id"]: c for c in parent}
    for content in child:
        if content.get("remove"):
            checks.pop(content["id"], None)
        else:
            checks[content["id"]] = content
    return list(checks.values())


def natural(version):
    """Versions in the order a person expects: 2 before 10."""
    return [(0, int(p), "") if p.isdigit() else (1, 0, p) for p in re.findall(r"\d+|\D+", version)]


class Library:
    """All units, factor tables and packs of one or more factors folders."""

    def __init__(self, folders, units):
        self.units = units
        self.problems = []
        self.tables = {}          # id -> {version: folder}
        self.loaded = {}
        self.raw = {}             # pack id -> {version: (content, path)}
        self.editions = {}        # pack id -> {version: Edition}
        for folder in map(pathlib.Path, folders):
            units.load(folder)
            for path in sorted(folder.glob("tables/*/*/datapackage.json")):
                self.tables.setdefault(path.parts[-3], {})[path.parts[-2]] = path.parent
            for path in sorted(folder.glob("packs/*/*.json")):
                self._read(path)
        units.complete()
        for pack in self.raw:
            for version in sorted(self.raw[pack], key=natural):
                self.edition(pack, version)
            self._check_overlap(pack)

    def _read(self, path):
        try:
            content = texts.read_json(path)
            version = str(content["version"])
            self.raw.setdefault(content["pack"], {})[version] = (content, path)
        except (Problem, KeyError, UnicodeDecodeError) as error:
            self.problems.append(f"{path}: {error}")

    def whole(self, pack, version, chain=()):
        """The pack's content with everything it inherits."""
        if version in chain:
            raise Problem(f"{pack}@{version} extends itself")
        if version not in self.raw.get(pack, {}):
            raise Problem(f"{pack}@{version} is not installed")
        content, _ = self.raw[pack][version]
        if "extends" not in content:
            return content
        parent = self.whole(pack, str(content["extends"]), chain + (version,))
        return extend(parent, content)

    def edition(self, pack, version):
        known = self.editions.setdefault(pack, {})
        if version not in known:
            path = self.raw[pack][version][1]
            try:
                edition = Edition(self.whole(pack, version), path)
            except (Problem, KeyError) as error:
                self.problems.append(f"{path}: {error}")
                return None
            edition.build(self, self.problems)
            known[version] = edition
        return known[version]

    def _check_overlap(self, pack):
        """Editions that overlap are refused (§10)."""
        editions = list(self.editions.get(pack, {}).values())
        for i, one in enumerate(editions):
            for other in editions[i + 1:]:
                starts_late = one.last and other.first and one.last < other.first
                ends_early = other.last and one.first and other.last < one.first
                if not (starts_late or ends_early):
                    self.problems.append(f"{one.name} and {other.name} apply on the same days")

    def factor_table(self, full):
        table, _, version = full.partition("@")
        versions = self.tables.get(table, {})
        if not version:
            if len(versions) != 1:
                raise Problem(f"factor table {table}: {len(versions)} versions installed, name one")
            version = next(iter(versions))
        if version not in versions:
            raise Problem(f"factor table {full} is not installed")
        key = (table, version)
        if key not in self.loaded:
            self.loaded[key] = factors.load(versions[version], self.units)
        return self.loaded[key]
