"""The tables flow, holding and lot as the packs' instruments declare them (rule-language §11).

Moves are not settled here: the tables hold what an example gives (§12). What they need is their
columns, and units that follow the instrument: of the ones a filter names, otherwise of all.
"""

import exact
import packs
import periods
import units
from values import NA, Problem, is_value

PACK = "instruments"                # the name under which the tables stand in a world
TABLES = ("flow", "holding", "lot")
MEASURED = ("quantity", "price", "value", "cost")
TEXT = {"input": "text", "optional": True}
DATE = {"input": "date", "optional": True}


def declared(world_editions):
    """name -> declaration, of all editions in use."""
    return {n: d for es in world_editions.values() for e in es for n, d in e.instruments.items() if d}


def usual_subject(editions):
    """What a pack without a job groups by: `entity` where any table has it, else the text key that most tables have."""
    seen = {}
    for edition in (e for es in editions.values() for e in es):
        for name, table in edition.tables.items():
            for key in () if name == "lot" else table.key[:1] if name in TABLES else table.key:
                if key not in periods.KINDS and key != "row":
                    seen[key] = seen.get(key, 0) + 1
    return "entity" if "entity" in seen or not seen else max(sorted(seen), key=seen.get)


def edition(found, library, subject):
    """An edition that defines the three tables; None without instruments."""
    if not found:
        return None
    first = next(iter(found.values()))
    number = {"input": "number", "unit": first["unit"], "optional": True}
    flow = {"date": DATE, **{c: TEXT for c in ("kind", "original_kind", "state", "counterparty", "ref")}, **{c: number for c in MEASURED}}
    for declaration in found.values():
        for move in declaration.get("moves", {}).values():
            flow.update({c: {**m, "optional": True} for c, m in move.get("columns", {}).items()})
    content = {"pack": PACK, "version": "1", "tables": {
        "flow": {"key": [subject, "instrument", "lot", "move", "leg"], "columns": flow},
        "holding": {"key": [subject, "instrument", "lot", "state"], "columns": {"quantity": number, "cost": number}},
        "lot": {"key": ["instrument", "lot"], "optional": True, "columns": lot_columns(found)}}}
    made = packs.Edition(content, None)
    made.build(library, library.problems)
    return made


def words(world, names, column):
    """The texts that a column of flow or holding can hold, of the named instruments (None: all) in all installed editions."""
    found = set()
    for edition in (e for es in world.library.editions.values() for e in es.values()):
        for name, declaration in edition.instruments.items():
            if column == "instrument":
                found.add(name)
            if not declaration or names and name not in names:
                continue
            if column in ("kind", "original_kind"):
                found |= set(declaration.get("moves", {}))
            if column == "state":
                found |= set(declaration.get("states", ["available"]))
    if column == "kind" and found:
        found.add("reverse")
    return {"from", "to"} if column == "leg" else found


def lot_columns(found):
    columns = {}
    for declaration in found.values():
        lot = declaration.get("lot", {})
        lot = {name: TEXT for name in lot} if isinstance(lot, list) else lot
        columns.update({n: {**m, "optional": True} for n, m in lot.items()})
    return columns


def unit_of(world, instrument, column):
    """The unit of a measured column of one instrument: quantity, price, or their product."""
    declaration = world.instruments.get(instrument)
    if declaration is None:
        raise Problem(f"unknown instrument {instrument}")
    quantity = world.library.units.parse(declaration["unit"])
    if column == "quantity":
        return quantity
    if "price" not in declaration:
        return None
    price = world.library.units.parse(declaration["price"])
    if column == "price":
        return price
    dimension = units.multiply(quantity.dimension, price.dimension)
    return units.Unit("1", quantity.ratio * price.ratio, dimension)


def dimension(world, names, column):
    """The dimension that the named instruments (None: all) share (§11)."""
    found = [unit_of(world, n, column) for n in (names or world.instruments)]
    found = {u.dimension for u in found if u is not None}
    if len(found) != 1:
        raise Problem(f"{column}: the instruments differ in its unit, or have none; the filter names one")
    return found.pop()


def named(condition, and_parts):
    """The instruments that a filter names: instrument = "CEA", or in (…), joined by and."""
    for part in and_parts(condition):
        if part.kind == "compare" and part.op == "=":
            sides = [part.left, part.right]
        elif part.kind == "in":
            sides = [part.value] + part.items
        else:
            continue
        texts = [s.value for s in sides if s.kind == "text"]
        if any(s.kind == "name" and s.name == "instrument" for s in sides) and len(texts) == len(sides) - 1:
            return texts
    return None


def complete(run, make_cell):
    """What follows from the given cells: value = quantity × price, not applicable where the kind
    has no price; a lone column of an undeclared lot takes the lot's name."""
    for row in run.data.get("flow", {}).values():
        declaration = run.world.instruments.get(row.key["instrument"], {})
        kind = row.cells.get("kind")
        move = declaration.get("moves", {}).get(kind.value if kind else None, {})
        quantity, price = row.cells.get("quantity"), row.cells.get("price")
        if price is None and not move.get("price"):
            row.cells["price"] = make_cell(NA)
            row.cells.setdefault("value", make_cell(NA))
        elif price is not None and quantity is not None and is_value(price.value):
            row.cells.setdefault("value", make_cell(quantity.value * price.value))
    for row in run.data.get("lot", {}).values():
        columns = lot_columns({"": run.world.instruments.get(row.key["instrument"], {})})
        if row.added and len(columns) == 1:
            name, column = next(iter(columns.items()))
            if column["input"] == "number":
                figure = exact.parse(row.key["lot"])[0]
                if figure is not None:
                    row.cells[name] = make_cell(figure * run.world.library.units.parse(column["unit"]).ratio)
            elif column["input"] != "date" and column["input"] != "bool":
                row.cells[name] = make_cell(row.key["lot"])
