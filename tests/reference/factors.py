"""Factor tables: CSV beside a Frictionless datapackage.json, and the row that counts
(rule-language §9)."""

import datetime
from fractions import Fraction

import exact
import periods
import texts
from values import NULL, Err, Problem

VALIDITY = ("valid_from", "valid_to")


class Field:
    def __init__(self, name, kind, unit, match):
        self.name = name
        self.kind = kind          # text, number, date, bool, or a period's name
        self.unit = unit
        self.match = match


class FactorTable:
    def __init__(self, table_id, version):
        self.id = table_id
        self.version = version
        self.fields = {}
        self.keys = []            # names, in primaryKey order, without the validity
        self.dated = False
        self.rows = []            # dicts of field name to value; "" line under "#line"

    @property
    def name(self):
        return f"{self.id}@{self.version}"


FIELD_KINDS = {"string": "text", "number": "number", "integer": "number", "date": "date",
               "boolean": "bool", "year": "text", "yearmonth": "text"}


def load(folder, units):
    package = texts.read_json(folder / "datapackage.json")
    table = FactorTable(package["name"], package["version"])
    resource = package["resources"][0]
    schema = resource["schema"]
    for entry in schema["fields"]:
        name = entry["name"]
        kind = name if name in periods.KINDS else FIELD_KINDS.get(entry.get("type", "string"))
        if kind is None:
            raise Problem(f"{table.name}: field {name}: unknown type {entry['type']!r}")
        unit = units.parse(entry.get("unit", "1")) if kind == "number" else None
        table.fields[name] = Field(name, kind, unit, entry.get("match"))
    key = schema.get("primaryKey", [])
    key = [key] if isinstance(key, str) else key
    table.keys = [k for k in key if k not in VALIDITY]
    table.dated = any(v in table.fields for v in VALIDITY)
    for name in key:
        if name not in table.fields:
            raise Problem(f"{table.name}: the key {name} is no field")
    records = texts.read_records(folder / resource["path"], resource["path"])
    _read_rows(table, records, resource["path"])
    _check(table)
    return table


def _read_rows(table, records, file):
    for name in table.fields:
        if name not in records.headings:
            raise Problem(f"{table.name}: {file} lacks the column {name}")
    for line, cells in records.rows:
        if len(cells) != len(records.headings):
            raise Problem(f"{table.name}: {file}:{line}: has {len(cells)} cells")
        row = {"#line": line}
        for heading, text in zip(records.headings, cells):
            if heading not in table.fields:
                raise Problem(f"{table.name}: {file}: unknown column {heading}")
            field = table.fields[heading]
            row[heading] = _value(table, field, text.strip(" \t"), f"{file}:{line}")
        table.rows.append(row)


def _value(table, field, text, where):
    if text == "":
        if field.name in table.keys:
            raise Problem(f"{table.name}: {where}: {field.name}: a key cell is empty")
        return NULL
    value = None
    if field.kind == "text":
        return text
    if field.kind == "number":
        value, _ = exact.parse(text)
        value = None if value is None else value * field.unit.ratio
    elif field.kind == "date":
        value = periods.parse_date(text)
    elif field.kind == "bool":
        value = {"true": True, "TRUE": True, "false": False, "FALSE": False}.get(text)
    else:
        value = periods.parse_period(field.kind, text)
    if value is None:
        raise Problem(f"{table.name}: {where}: {field.name}: {text!r} is not a {field.kind}")
    return value


def _first_day(row):
    day = row.get("valid_from", NULL)
    return datetime.date.min if day is NULL else day


def _last_day(row):
    day = row.get("valid_to", NULL)
    return datetime.date.max if day is NULL else day


def _overlap(one, other):
    return _first_day(one) <= _last_day(other) and _first_day(other) <= _last_day(one)


def _check(table):
    """Two rows of one key whose dates overlap, and wildcards that could tie (§9)."""
    text_keys = [k for k in table.keys if table.fields[k].kind == "text"]
    groups = {}
    for row in table.rows:
        others = tuple(row[k] for k in table.keys if k not in text_keys)
        groups.setdefault(others, []).append(row)
    for rows in groups.values():
        rows = sorted(rows, key=lambda r: ([r[k] for k in text_keys], _first_day(r)))
        wild = [r for r in rows if any(r[k] == "*" for k in text_keys)]
        for index, one in enumerate(rows):
            # Only equal keys or keys with * can fit the same question.
            near = rows[index + 1:index + 2] if one not in wild else rows[index + 1:]
            for other in near + [w for w in wild if w is not one]:
                if other is not one and _tie(one, other, text_keys) and _overlap(one, other):
                    raise Problem(f"{table.name}: lines {one['#line']} and {other['#line']} "
                                  "hold for the same key and day")


def _tie(one, other, text_keys):
    a = [one[k] for k in text_keys]
    b = [other[k] for k in text_keys]
    return a.count("*") == b.count("*") and all(x == y or "*" in (x, y) for x, y in zip(a, b))


def find(table, args, day, field):
    """(value, rows used) of a field for key values in key order at a day."""
    given = dict(zip(table.keys, args))
    rows = table.rows
    for key in table.keys:                       # "Text keys and the day are settled first"
        kind = table.fields[key].kind
        if kind == "text":
            rows = [r for r in rows if r[key] in (given[key], "*")]
        elif kind != "number":
            rows = [r for r in rows if r[key] == given[key]]
    if table.dated:
        rows = [r for r in rows if _holds(r, day)]
    text_keys = [k for k in table.keys if table.fields[k].kind == "text"]
    if rows:
        stars = min(sum(r[k] == "*" for k in text_keys) for r in rows)
        rows = [r for r in rows if sum(r[k] == "*" for k in text_keys) == stars]
    if not rows:
        shown = ", ".join(show(a) for a in args)
        return Err("missing-factor", f"{table.name}({shown}) at {day}"), []
    numbers = [k for k in table.keys if table.fields[k].kind == "number"]
    return _by_number(table, rows, numbers, given, field)


def _holds(row, day):
    return _first_day(row) <= day <= _last_day(row)


def _by_number(table, rows, numbers, given, field):
    """Settle the number keys one after another; `linear` works on both neighbours."""
    if not numbers:
        return rows[0][field], [rows[0]]
    key, rest = numbers[0], numbers[1:]
    match, x = table.fields[key].match, given[key]

    def at(value):
        return _by_number(table, [r for r in rows if r[key] == value], rest, given, field)

    present = sorted({r[key] for r in rows})
    if x in present:
        return at(x)
    below = [v for v in present if v < x]
    above = [v for v in present if v > x]
    if match is None:
        return Err("missing-factor", f"{table.name}: no {key} {exact.exact_text(x)}"), []
    if (match != "upto" and not below) or (match != "from" and not above):
        return Err("out-of-range", f"{table.name}: {key} {exact.exact_text(x)}"), []
    if match == "from":
        return at(below[-1])
    if match == "upto":
        return at(above[0])
    low, high = below[-1], above[0]
    (low_value, low_rows), (high_value, high_rows) = at(low), at(high)
    used = low_rows + high_rows
    for value in (low_value, high_value):
        if isinstance(value, Err):
            return value, used
    if NULL in (low_value, high_value):
        return NULL, used
    share = Fraction(x - low) / (high - low)
    return exact.guard(low_value + (high_value - low_value) * share), used


def show(value):
    if isinstance(value, Fraction):
        return exact.exact_text(value)
    if isinstance(value, periods.Period):
        return periods.text_of(value)
    return str(value)
