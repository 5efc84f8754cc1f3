"""Random input tables in the forms that a job may have: CSV with units or labels in headings,
several files, JSON, XML, GB18030, context rows; now and then with a fault."""

import csv
import io
import json
from xml.sax.saxutils import quoteattr

from expressions import KINDS, TEXTS
from factor_tables import number_text
from model import PERIODS, UNITS

MONTHS = ["2022-01", "2022-02", "2022-03", "2022-04", "2022-05"]


def entities(rng):
    return TEXTS["entity"][:rng.choice([1, 2, 3])]


def keys(rng, table, entity_lines, years):
    """The rows of one table's file: tuples in key order (without `row`)."""
    found = [{}]
    for key in table.key:
        if key == "entity":
            found = [{**k, "entity": e} for k in found for e in sorted({e for e, _ in entity_lines})]
        elif key == "line":
            found = [{**k, "line": line} for k in found for e, line in entity_lines if e == k["entity"]]
        elif key == "row":
            found = [k for k in found for _ in range(rng.choice([1, 3]))]
        elif key in PERIODS:
            found = [{**k, key: p} for k in found for p in periods(rng, key, years)]
        else:
            found = [{**k, key: v} for k in found for v in TEXTS[key][:2]]
    if table.period and rng.random() < 0.6:
        found = [k for k in found if rng.random() < 0.8] or found[:1]      # some months are absent
    rng.shuffle(found)
    return found


def periods(rng, kind, years):
    if kind == "month":
        return MONTHS + (["2021-11", "2021-12"] if "2021" in years else [])
    if kind == "day":
        return ["2022-02-03", "2022-02-28", "2022-03-01", "2022-03-02"]
    if kind == "hour":
        return ["2022-02-28T22", "2022-02-28T23", "2022-03-01T00", "2022-03-01T01", "2022-03-01T02"]
    if kind == "quarter":
        return ["2022-Q1", "2022-Q2"]
    return years


def value(rng, column):
    content = column.content
    if content.get("optional") or "formula" in content or "cases" in content:
        if rng.random() < (0.12 if column.is_input else 0.7):
            return ""
    if column.type in UNITS:
        sign = "-" if rng.random() < 0.1 else ""
        text = sign + number_text(rng, 0, rng.choice([1, 5, 100, 900]), rng.choice([0, 1, 2, 3]))
        return rng.choice(["0", "0.00", "1e1", "2.50e0", text]) if rng.random() < 0.2 else text
    if column.name == "district":
        return rng.choice(TEXTS["district"])
    if column.type == "text":
        return rng.choice(KINDS)
    if column.type == "bool":
        return rng.choice(["true", "false"])
    return rng.choice(["2022-01-15", "2022-02-28", "2022-03-01", "2021-12-31"])


def heading(rng, column):
    """By code or label, with another unit by chance."""
    labels = column.content.get("label", {})
    name = rng.choice([column.name] * 2 + list(labels.values()))
    if column.type in UNITS and rng.random() < 0.4:
        return f"{name} [{rng.choice(UNITS[column.type])}]"
    return name


def csv_text(headings, rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows(rows)
    return out.getvalue()


def inputs_of(table):
    return [c for c in table.columns if "input" in c.content]


def write_table(rng, folder, table, rows):
    """The job's entry for a table: a file, or several."""
    columns = inputs_of(table)
    names = [k for k in table.key if k != "row"]
    cells = [[k[n] for n in names] + [value(rng, c) for c in columns] for k in rows]
    form = rng.choice(["csv", "csv", "csv", "json", "xml", "two"])
    if form in ("json", "xml"):
        objects = [dict(zip(names + [c.name for c in columns], row)) for row in cells]
        file = f"{table.name}.{form}"
        if form == "json":
            objects = [{n: (None if v == "" else v) for n, v in o.items()} for o in objects]
            text = json.dumps(objects, ensure_ascii=False)
        else:
            lines = ["<row " + " ".join(f"{n}={quoteattr(v)}" for n, v in o.items()) + "/>" for o in objects]
            text = "<table>" + "".join(lines) + "</table>"
        (folder / file).write_text(text, encoding="utf-8")
        return file
    encoding = rng.choice(["utf-8", "utf-8", "utf-8-sig", "gb18030"])
    parts = [cells] if form == "csv" or len(cells) < 2 else [cells[:len(cells) // 2], cells[len(cells) // 2:]]
    files = []
    for number, part in enumerate(parts):
        order = list(range(len(names) + len(columns)))
        rng.shuffle(order)
        headings = names + [heading(rng, c) for c in columns]
        text = csv_text([headings[i] for i in order], [[row[i] for i in order] for row in part])
        file = f"{table.name}{number}.csv"
        (folder / file).write_bytes(text.encode(encoding))
        files.append(file)
    return files if len(files) > 1 else files[0]


def fault(rng, folder, tables, content):
    """One thing that makes the job refused."""
    place = folder / "site0.csv"
    names = ["entity"] + [c.name for c in inputs_of(tables["site"])]
    row = ["A"] + ["" for _ in names[1:]]
    kind = rng.choice(["duplicate", "number", "unknown", "parent", "period"])
    if kind == "parent":
        columns = [c.name for c in inputs_of(tables["fuel_month"])]
        (folder / "extra.csv").write_text(csv_text(["entity", "line", "fuel", "month"] + columns,
                                                   [["A", "no such line", "coal", "2022-01"] + ["1" for _ in columns]]), encoding="utf-8")
        old = content["tables"].get("fuel_month", [])
        content["tables"]["fuel_month"] = (old if isinstance(old, list) else [old]) + ["extra.csv"]
        return
    if kind == "period":
        columns = [c.name for c in inputs_of(tables["fuel_month"])]
        (folder / "extra.csv").write_text(csv_text(["entity", "line", "fuel", "month"] + columns,
                                                   [["A", "1", "coal", "2030-01"] + ["1" for _ in columns]]), encoding="utf-8")
        content["tables"]["fuel_month"] = "extra.csv"
        return
    if kind == "unknown":
        names.append("no_such_column")
        row.append("1")
    if kind == "number":
        names.append(next((c.name for c in inputs_of(tables["site"]) if c.type in UNITS), "none"))
        row.append("1,200")
    place.write_text(csv_text(names, [row, row] if kind == "duplicate" else [row]), encoding="utf-8")
    content["tables"]["site"] = "site0.csv"


def write(rng, folder, tables, years):
    """Write all files; the job's members `tables` and perhaps `context`."""
    entity_lines = [(e, line) for e in entities(rng) for line in TEXTS["line"][:rng.choice([1, 2])]]
    content = {"tables": {}}
    for table in tables.values():
        if not inputs_of(table):
            continue
        rows = keys(rng, table, entity_lines, years)
        if table.period and rng.random() < 0.1:
            rows = []                                   # a heading only, or no file at all
            if rng.random() < 0.5:
                continue
        content["tables"][table.name] = write_table(rng, folder, table, rows)
        if table.period == "month" and "2021" not in years and rng.random() < 0.3:
            context = keys(rng, table, entity_lines, ["2021"])
            context = [{**k, "month": m} for k in context for m in ("2021-11", "2021-12") if k["month"] == "2022-01"]
            names, columns = list(table.key), inputs_of(table)
            text = csv_text(names + [c.name for c in columns], [[k[n] for n in names] + [value(rng, c) for c in columns] for k in context])
            (folder / f"{table.name}_before.csv").write_text(text, encoding="utf-8")
            content.setdefault("context", {})[table.name] = f"{table.name}_before.csv"
    if rng.random() < 0.1:
        fault(rng, folder, tables, content)
    return content
