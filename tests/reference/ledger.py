"""Results as ledger entries and totals, in the ledger's order (formats §4)."""

import datetime

import exact
from rows import shown
from values import NA, Err


def value_text(run, row, column, outcome, made, edition):
    """(text or None, unit or None, error or None) of a cell as the ledger prints it."""
    value, given = outcome.value, row.cells.get(column)
    unit = made.unit.text if made is not None and made.unit else None
    if isinstance(value, Err):
        return None, unit, value.code
    if outcome.how in ("measured", "override") and given is not None:
        if given.unit is not None:
            return exact.plain_text(given.text), given.unit, None
        return plain(value), None, None
    if value is None or not is_shown(value):
        return None, unit, None
    if unit is None:
        return plain(value), None, None
    return number_text(value / made.unit.ratio, made, edition), unit, None


def is_shown(value):
    return isinstance(value, (str, bool, datetime.date, tuple)) or hasattr(value, "numerator")


def plain(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return shown(value)


def number_text(figure, made, edition):
    """Exactly the rule's decimals; `shown` rounds only what is printed (rule-language §4)."""
    rule = made.shown or made.round
    if rule is None:
        return exact.exact_text(figure)
    kind, n, mode = rule
    mode = mode or edition.rounding
    if kind == "significant":
        return exact.significant_text(exact.round_significant(figure, n, mode), n)
    return exact.to_text(exact.round_to(figure, n, mode), n)


def entry(run, row, column, subject):
    """The ledger entry of a reported cell, or None where there is none."""
    edition, made = run.definition(row, column)
    outcome = run.cell(row, column)
    if outcome.value is NA:
        return None
    if made is None:                                    # no edition covers the row
        made = next(iter(run.world.tables[row.table].columns[column].values()))
    if not made.report:
        return None
    text, unit, error = value_text(run, row, column, outcome, made, edition)
    found = {"table": row.table, "key": {k: shown(v) for k, v in row.key.items() if k != subject},
             "column": column, "value": text}
    if unit is not None:
        found["unit"] = unit
    if edition is not None:
        found["rule"] = f"{edition.name}/{row.table}.{column}"
    if outcome.cite is not None:
        found["cite"] = outcome.cite
    found["how"] = outcome.how
    if error is not None:
        found["error"] = error
    return found


def ledger(run, subject, findings):
    """{"entities", "totals", "findings"}; findings are (row or None, finding)."""
    entities, totals, rest = {}, [], []

    def entity(row):
        return named(row.key[subject])

    def named(name):
        return entities.setdefault(name, {"entity": name, "entries": [], "positions": [], "findings": []})

    for name in sorted(run.data, key=str.encode):
        table = run.world.tables[name]
        for row in sorted(run.data[name].values(), key=lambda r: r.order()):
            if row.context:
                continue
            for column in sorted(table.columns, key=str.encode):
                found = entry(run, row, column, subject)
                if found is not None:
                    (entity(row)["entries"] if subject in row.key else totals).append(found)
            if subject in row.key:
                entity(row)
    for name, position in run.positions:
        named(name)["positions"].append(position)
    for one in entities.values():
        one["positions"].sort(key=lambda p: [p[m].encode() for m in ("instrument", "lot", "state")])
    for row, found in findings:
        if row is not None and subject in row.key and not row.context:
            found = {**found, "key": {k: v for k, v in found["key"].items() if k != subject}}
            entity(row)["findings"].append(found)
        else:
            rest.append(found)
    for one in list(entities.values()):
        one["findings"].sort(key=finding_order)
    return {"entities": [entities[n] for n in sorted(entities, key=str.encode)],
            "totals": totals, "findings": sorted(rest, key=finding_order)}


def finding_order(found):
    return [str(found.get(m, "")).encode() for m in ("table", "key", "column", "code")]
