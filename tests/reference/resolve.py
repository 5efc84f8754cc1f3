"""Names, types and units of formulas (rule-language §5, §6): a parsed tree becomes a typed one.

Types are tuples: ("number", dimension), ("text",), ("bool",), ("date",), ("period", kind),
("null",). Literals become values in base units, so evaluation never converts.
While resolving, a Scope notes what the formula reads: for the order of columns (reads) and for
the rows that are called for (row_reads).
"""

from types import SimpleNamespace

import exact
import functions
import instruments
import periods
import units
from values import NotSupported, Problem

NUMBER = "number"
PLAIN = (NUMBER, ())
TEXT, BOOL, DATE, NULL_TYPE = ("text",), ("bool",), ("date",), ("null",)


class Scope:
    """Whose names are meant. `table`: the row that bare names belong to. `this`: the table of
    the row being computed, inside a filter. `listed`: the table whose columns stand for each
    row of a list, in an aggregate's argument. `step`: how far back in time that row lies."""

    def __init__(self, world, edition, table):
        self.world = world
        self.edition = edition
        self.table = table
        self.this = None
        self.listed = None
        self.step = "stay"
        self.list_step = "stay"
        self.instruments = None              # those that the filter of a list over flow or holding names
        self.reads = set()
        self.row_reads = {}

    def inner(self, **changes):
        other = Scope.__new__(Scope)
        other.__dict__.update(self.__dict__)      # reads and row_reads stay shared
        other.__dict__.update(changes)
        return other

    def read(self, table, column, step):
        if column not in self.world.tables[table].key:
            self.reads.add((table, column, combine(self.step, step)))

    def read_link(self, table, link, step):
        """A link says which rows belong together: its column is read, its row called for."""
        above = self.world.tables[table].inherited.get(link)
        if above is None:
            self.read(table, link, step)
        else:
            self.read(above, link, "free")
            self.row_reads.setdefault(table, set()).add(("up", above))

    def call_rows(self, how, table):
        self.row_reads.setdefault(self.table, set()).add((how, table))


def combine(one, other):
    if "free" in (one, other):
        return "free"
    return "back" if "back" in (one, other) else "stay"


def typed(kind, type_, **fields):
    return SimpleNamespace(kind=kind, type=type_, **fields)


def type_text(type_):
    if type_[0] == NUMBER:
        return f"a number in {units.dimension_text(type_[1])}"
    return " ".join(map(str, type_))


def resolve(tree, scope):
    return HANDLERS[tree.kind](tree, scope)


def condition(tree, scope):
    found = resolve(tree, scope)
    if found.type not in (BOOL, NULL_TYPE):
        raise Problem(f"a condition is true or false, this is {type_text(found.type)}")
    return found


def column(world, scope, made):
    """The typed `when` and cases of a column; its dimension must be that of its unit (§6)."""
    declared = world.type_of(scope.table, made.name)
    when = condition(made.when, scope) if made.when else None
    cases = []
    for case_when, formula, how, cite in made.cases:
        chosen = condition(case_when, scope) if case_when else None
        value = resolve(formula, scope)
        if declared[0] == "period":
            value = as_period(value, declared[1])
        if value.type not in (declared, NULL_TYPE):
            raise Problem(f"the formula gives {type_text(value.type)}, the column is {type_text(declared)}")
        cases.append((chosen, value, how, cite))
    if declared[0] == NUMBER and made.cases and made.report and made.round is None and made.shown is None:
        raise Problem("a reported number with a formula has round or shown")
    if made.link and declared != TEXT:
        raise Problem("a link is a text")
    return SimpleNamespace(when=when, cases=cases)


def as_period(value, kind):
    """A text literal beside a period is read as one of the same kind (§6)."""
    if value.kind != "value" or value.type != TEXT:
        return value
    period = periods.parse_period(kind, value.value)
    if period is None:
        raise Problem(f"{value.value!r} is not a {kind}")
    return typed("value", ("period", kind), value=period)


def unify(nodes):
    """One type for all; null fits any. Returns the nodes (literals read as periods) and the type."""
    kinds = [n.type[1] for n in nodes if n.type[0] == "period"]
    if kinds:
        nodes = [as_period(n, kinds[0]) for n in nodes]
    found = NULL_TYPE
    for one in nodes:
        if one.type == NULL_TYPE:
            continue
        if found != NULL_TYPE and one.type != found:
            raise Problem(f"{type_text(found)} stands beside {type_text(one.type)}")
        found = one.type
    return nodes, found


def need_number(node):
    if node.type == NULL_TYPE:
        return ()
    if node.type[0] != NUMBER:
        raise Problem(f"needs a number, this is {type_text(node.type)}")
    return node.type[1]


# Literals and names

def _number(tree, scope):
    value, message = exact.parse(tree.text)
    if value is None:
        raise Problem(f"{tree.text} {message}")
    unit = scope.world.library.units.parse(tree.unit if tree.unit is not None else "1")
    return typed("value", (NUMBER, unit.dimension), value=value * unit.ratio, unit=unit)


def _name(tree, scope):
    """A column of this row, a constant, a parameter, or as_of; two of them are refused (§5)."""
    name, edition, found = tree.name, scope.edition, []
    if has_column(scope, scope.table, name):
        scope.read(scope.table, name, "stay")
        found.append(typed("column", type_of(scope, scope.table, name), name=name,
                           unit=scope.world.unit_of(scope.table, name, edition)))
    if edition.constants.get(name):
        value, unit = edition.constants[name]
        found.append(typed("value", (NUMBER, unit.dimension), value=value, unit=unit))
    if edition.parameters.get(name):
        unit = edition.parameters[name].unit
        kind = (NUMBER, unit.dimension) if unit else TEXT
        found.append(typed("parameter", kind, pack=edition.pack, edition=edition, name=name, unit=unit))
    if name == "as_of":
        found.append(typed("as_of", DATE))
    if len(found) > 1:
        raise Problem(f"{name} has two meanings here")
    if not found:
        raise Problem(f"unknown name {name}")
    return found[0]


def has_column(scope, table, name):
    """Is it a key, or a column that this pack may see?"""
    known = scope.world.tables[table]
    own = scope.edition.tables.get(table)
    left_open = own is not None and name in own.columns and own.columns[name].open
    return name in known.key or known.owner.get(name) in scope.world.visible(scope.edition) or (
        left_open and name in known.columns)


def need_table(scope, name):
    if name in instruments.TABLES and name not in scope.world.tables:
        raise NotSupported("no pack in use declares instruments")
    table = scope.world.tables.get(name)
    if table is None or not table.packs & scope.world.visible(scope.edition):
        raise Problem(f"unknown table {name}")
    return table


def need_column(scope, table, name):
    if not has_column(scope, table, name):
        raise Problem(f"unknown column {table}.{name}")
    return type_of(scope, table, name)


def type_of(scope, table, name):
    """Of a column; what is measured in an instrument has the dimension of those named (§11)."""
    if table in ("flow", "holding") and name in instruments.MEASURED:
        return (NUMBER, instruments.dimension(scope.world, scope.instruments, name))
    return scope.world.type_of(table, name)


def _dot(tree, scope):
    table, name = tree.table, tree.field
    need_table(scope, table)
    kind = need_column(scope, table, name)
    unit = scope.world.unit_of(table, name, scope.edition)
    if scope.listed == table:
        scope.read(table, name, scope.list_step)
        return typed("listed", kind, name=name, unit=unit)
    if not scope.world.is_up(scope.table, table) and scope.listed is not None and scope.world.is_up(scope.listed, table):
        return _above_listed(table, name, kind, unit, scope)
    if not scope.world.is_up(scope.table, table):
        raise Problem(f"{table} is a list here: it stands inside sum, mean, count, …")
    if table != scope.table:
        scope.call_rows("up", table)
        for link in set(scope.world.tables[scope.table].settled) & set(scope.world.tables[table].texts):
            scope.read_link(scope.table, link, "stay")
    scope.read(table, name, "stay")
    return typed("up", kind, table=table, name=name, unit=unit)


def _above_listed(table, name, kind, unit, scope):
    """In the argument of a list: a table above the listed row, though not above mine."""
    scope.row_reads.setdefault(scope.listed, set()).add(("up", table))
    scope.read(table, name, "free")
    return typed("listed_up", kind, table=table, name=name, unit=unit)


def _this(tree, scope):
    if scope.this is None:
        raise Problem("this stands inside […] only")
    kind = need_column(scope, scope.this, tree.name)
    if tree.name not in scope.world.tables[scope.this].key:
        scope.reads.add((scope.this, tree.name, "stay"))
    return typed("this", kind, name=tree.name,
                 unit=scope.world.unit_of(scope.this, tree.name, scope.edition))


def _filter(tree, scope):
    """t[c].x inside an aggregate's argument: the list has been found, its filter taken up."""
    if scope.listed != tree.table or tree.field is None:
        raise Problem(f"{tree.table}[…] stands inside sum, mean, count, …")
    return _dot(SimpleNamespace(table=tree.table, field=tree.field), scope)


# Operators

def _if(tree, scope):
    chosen = condition(tree.condition, scope)
    (yes, no), kind = unify([resolve(tree.yes, scope), resolve(tree.no, scope)])
    return typed("if", kind, condition=chosen, yes=yes, no=no)


def _logic(tree, scope):
    return typed(tree.kind, BOOL, left=condition(tree.left, scope), right=condition(tree.right, scope))


def _compare(tree, scope):
    if tree.op in ("=", "!=") and "null" in (tree.left.kind, tree.right.kind):
        other = tree.left if tree.right.kind == "null" else tree.right
        return typed("is_null", BOOL, value=resolve(other, scope), negated=tree.op == "!=")
    nodes, kind = unify([resolve(tree.left, scope), resolve(tree.right, scope)])
    for one, other in ((tree.left, tree.right), (tree.right, tree.left)):
        known_word(scope, one, other)
    if tree.op not in ("=", "!=") and kind in (TEXT, BOOL, ("period", "cycle")):
        raise Problem(f"{tree.op} does not compare {type_text(kind)}")
    return typed("compare", BOOL, op=tree.op, left=nodes[0], right=nodes[1])


def known_word(scope, column, text):
    """A kind, state, leg or instrument that no installed edition knows is a slip of the pen: nothing would ever equal it."""
    table, name = (column.table, column.field) if column.kind == "dot" else (scope.table, getattr(column, "name", None))
    if text.kind != "text" or column.kind not in ("name", "dot") or table not in instruments.TABLES:
        return
    known = instruments.words(scope.world, scope.instruments, name)
    if known and text.value not in known:
        raise Problem(f"{table}.{name} is never {text.value!r}")


def _between(tree, scope):
    nodes, kind = unify([resolve(t, scope) for t in (tree.value, tree.low, tree.high)])
    if kind in (TEXT, BOOL):
        raise Problem(f"between does not compare {type_text(kind)}")
    return typed("between", BOOL, value=nodes[0], low=nodes[1], high=nodes[2])


def _in(tree, scope):
    value = resolve(tree.value, scope)
    items = [resolve(t, scope) for t in tree.items]
    if value.type[0] == "period":
        items = [as_period(i, value.type[1]) for i in items]
    for item in items:
        if item.type[0] == "period" and value.type != NULL_TYPE:
            value = as_period(value, item.type[1])
            fits = value.type == DATE or (value.type[0] == "period" and periods.KINDS.index(
                value.type[1]) <= periods.KINDS.index(item.type[1]))
            if not fits:
                raise Problem(f"{type_text(value.type)} cannot lie in {type_text(item.type)}")
        else:
            unify([value, item])
    for item in tree.items:
        known_word(scope, tree.value, item)
    return typed("in", BOOL, value=value, items=items)


def _arithmetic(tree, scope):
    left, right = resolve(tree.left, scope), resolve(tree.right, scope)
    if left.type[0] == "period" and tree.op in "+-":
        if left.type[1] == "cycle" or need_number(right) != ():
            raise Problem("a period moves by a plain whole number")
        return typed("period_step", left.type, left=left, right=right, sign=1 if tree.op == "+" else -1)
    if left.type == DATE and tree.op in "+-":
        return _date_arithmetic(tree, left, right, scope)
    if tree.op in "+-":
        (left, right), kind = unify([left, right])
        need_number(left)
        need_number(right)
    else:
        dimension = units.multiply(need_number(left), need_number(right), 1 if tree.op == "*" else -1)
        kind = (NUMBER, dimension)
    return typed("arithmetic", kind, op=tree.op, left=left, right=right)


def _date_arithmetic(tree, left, right, scope):
    day = scope.world.library.units.parse("d")
    if tree.op == "-" and right.type == DATE:
        return typed("date_difference", (NUMBER, day.dimension), left=left, right=right, day=day.ratio)
    if right.type not in ((NUMBER, day.dimension), NULL_TYPE):
        raise Problem("a date moves by days: 40[d]")
    return typed("date_step", DATE, left=left, right=right, day=day.ratio, sign=1 if tree.op == "+" else -1)


def _negate(tree, scope):
    value = resolve(tree.value, scope)
    need_number(value)
    return typed("negate", value.type, value=value)


def whole_literal(tree):
    """The whole number that a literal, perhaps negative, stands for; None otherwise."""
    if tree.kind == "negate":
        inner = whole_literal(tree.value)
        return None if inner is None else -inner
    if tree.kind != "number" or tree.unit is not None:
        return None
    value, _ = exact.parse(tree.text)
    return int(value) if value is not None and value.denominator == 1 else None


def _power(tree, scope):
    base, exponent = resolve(tree.base, scope), resolve(tree.exponent, scope)
    dimension, whole = need_number(base), whole_literal(tree.exponent)
    if need_number(exponent) != ():
        raise Problem("an exponent is a plain number")
    if dimension and whole is None:
        raise Problem("a number with a unit is raised to a whole-number literal only")
    kind = (NUMBER, units.power(dimension, whole)) if dimension else PLAIN
    return typed("power", kind, base=base, exponent=exponent)


# Calls: a function, a factor table, or a table (§5)

def _call(tree, scope):
    if tree.name in functions.ALL:
        if tree.field is not None or tree.at is not None:
            raise Problem(f"{tree.name} is a function")
        return functions.resolve(tree, scope)
    if tree.name in scope.edition.factors:
        return _factor(tree, scope)
    need_table(scope, tree.name)
    return _lookup(tree, scope)


def _arguments(tree, scope, wanted, name):
    if len(tree.args) != len(wanted):
        raise Problem(f"{name} has the key {[k for k, _ in wanted]}, given {len(tree.args)}")
    found = []
    for arg, (key, kind) in zip(tree.args, wanted):
        value = resolve(arg, scope)
        if kind[0] == "period":
            value = as_period(value, kind[1])
        if value.type not in (kind, NULL_TYPE):
            raise Problem(f"{name}: {key} is {type_text(kind)}, given {type_text(value.type)}")
        found.append(value)
    return found


def _factor(tree, scope):
    table = scope.edition.factors[tree.name]
    if table is None or tree.field not in table.fields:
        raise Problem(f"unknown field {tree.name}(…).{tree.field}")
    field = table.fields[tree.field]

    def kind_of(f):
        if f.kind == NUMBER:
            return (NUMBER, f.unit.dimension)
        return ("period", f.kind) if f.kind in periods.KINDS else (f.kind,)

    linear = any(table.fields[k].match == "linear" for k in table.keys)
    if linear and field.kind != NUMBER and field.name not in table.keys:
        raise Problem(f"{tree.field} is not a number, it cannot be read between two rows")
    args = _arguments(tree, scope, [(k, kind_of(table.fields[k])) for k in table.keys], tree.name)
    at = resolve(tree.at, scope) if tree.at is not None else None
    if at is not None and at.type not in (DATE, NULL_TYPE):
        raise Problem("at takes a date")
    return typed("factor", kind_of(field), table=table, args=args, at=at, name=tree.field, unit=field.unit)


def _lookup(tree, scope):
    table = scope.world.tables[tree.name]
    if tree.at is not None:
        raise Problem(f"{tree.name} is a table: at is for factor tables")
    if tree.field is None:
        raise Problem(f"{tree.name}(…) needs a column")
    kind = need_column(scope, tree.name, tree.field)
    args = _arguments(tree, scope, [(k, scope.world.key_type(k)) for k in table.key], tree.name)
    scope.read(tree.name, tree.field, _lookup_step(tree, scope, table))
    return typed("lookup", kind, table=tree.name, args=args, name=tree.field,
                 unit=scope.world.unit_of(tree.name, tree.field, scope.edition))


def _lookup_step(tree, scope, table):
    """Does t(…, month - 1) stay in its period or go back? (§5, loops)"""
    if table.period is None or table.period != scope.world.tables[scope.table].period:
        return "stay" if table.period is None else "free"
    arg = tree.args[table.key.index(table.period)]
    if arg.kind == "name" and arg.name == table.period:
        return "stay"
    if arg.kind == "arithmetic" and arg.op == "-" and arg.left.kind == "name" \
            and arg.left.name == table.period and (whole_literal(arg.right) or 0) >= 1:
        return "back"
    return "free"


HANDLERS = {
    "number": _number, "name": _name, "dot": _dot, "this": _this, "filter": _filter, "if": _if,
    "or": _logic, "and": _logic, "compare": _compare, "between": _between, "in": _in,
    "arithmetic": _arithmetic, "negate": _negate, "power": _power, "call": _call,
    "text": lambda tree, scope: typed("value", TEXT, value=tree.value),
    "bool": lambda tree, scope: typed("value", BOOL, value=tree.value),
    "null": lambda tree, scope: typed("null", NULL_TYPE),
}
