"""sum, mean, min, max, any, all, count, only, join over a list (rule-language §3, §5, §7, §8).

resolve finds the one list that the argument speaks of, its filter, and the key columns that
the filter settles itself. apply works through the rows in key order.
"""

import math
from fractions import Fraction
from types import SimpleNamespace

import exact
import instruments
import resolve as names
from values import NA, NULL, Err, Problem, is_value


def children(tree):
    for value in vars(tree).values():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, SimpleNamespace):
                yield one


def mentions_this(tree):
    return tree.kind == "this" or any(mentions_this(c) for c in children(tree))


def and_parts(tree):
    return and_parts(tree.left) + and_parts(tree.right) if tree.kind == "and" else [tree]


def settled_keys(condition, key):
    """Key columns that stand alone in an `and` part, with this.… on the other side (§5)."""
    found = {}
    for part in and_parts(condition):
        sides = []
        if part.kind == "compare":
            sides = [(part.left, [part.right]), (part.right, [part.left])]
        elif part.kind == "between":
            sides = [(part.value, [part.low, part.high])]
        elif part.kind == "in":
            sides = [(part.value, part.items)]
            if len(part.items) == 1:
                sides.append((part.items[0], [part.value]))
        for side, others in sides:
            if side.kind == "name" and side.name in key and any(map(mentions_this, others)):
                found.setdefault(side.name, []).append(part)
    return found


MIRROR = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}


def time_step(parts, period, own_period):
    """Do the filter's parts keep to earlier periods ("back"), to this and earlier ("stay")?"""
    steps = []
    for part in parts:
        op, bound = None, None
        if part.kind == "between":
            op, bound = "<=", part.high
        elif part.kind == "compare" and part.left.kind == "name" and part.left.name == period:
            op, bound = part.op, part.right
        elif part.kind == "compare":
            op, bound = MIRROR[part.op], part.left
        back = _back_from_this(bound, own_period)
        if back is None or op not in ("<", "<=", "="):
            steps.append("free")
        else:
            steps.append("back" if op == "<" or back >= 1 else "stay")
    return "back" if "back" in steps else "stay" if "stay" in steps else "free"


def _back_from_this(bound, own_period):
    """n for this.month - n, 0 for this.month, None for anything else."""
    if bound is None:
        return None
    if bound.kind == "this" and bound.name == own_period:
        return 0
    if bound.kind == "arithmetic" and bound.op == "-" and bound.left.kind == "this" \
            and bound.left.name == own_period:
        n = names.whole_literal(bound.right)
        return n if n is not None and n >= 0 else None
    return None


def find_list(tree, scope):
    """(table, filter tree or None) of an aggregate: the filtered table, else the first table
    named in the arguments that is not up from here."""
    filters, tables = [], []

    def look(one):
        if one.kind == "filter":
            filters.append(one)
            tables.append(one.table)
            return
        if one.kind == "dot":
            tables.append(one.table)
        if one.kind == "call" and one.name in ("sum", "mean", "any", "all", "count", "only", "join"):
            return                                # a list of its own
        for child in children(one):
            look(child)

    for arg in tree.args:
        if tree.name == "count" and arg.kind == "name":
            return arg.name, None
        look(arg)
    if len(filters) > 1:
        raise Problem("one filter, on the first column of the list, holds for all")
    if filters:
        return filters[0].table, filters[0].condition
    for table in tables:
        names.need_table(scope, table)
        if not scope.world.is_up(scope.table, table):
            return table, None
    raise Problem(f"{tree.name} takes a list")


def resolve(tree, scope):
    most = 2 if tree.name == "mean" else 1
    if not 1 <= len(tree.args) <= most:
        raise Problem(f"{tree.name} takes {'a list' if most == 1 else 'a list and perhaps a weight'}")
    name, condition = find_list(tree, scope)
    table = names.need_table(scope, name)
    settled = settled_keys(condition, table.key + table.links) if condition is not None else {}
    if not settled and scope.world.is_up(scope.table, name):
        raise Problem(f"{name} is one row here, not a list")
    this = scope.this or scope.table
    step = _list_step(scope, table, settled, this)
    _check_related(scope, table, condition)
    if not settled:
        scope.call_rows("list", name)
    shared, _ = scope.world.shared(scope.table, name)
    for link in set(shared) - set(settled):
        scope.read_link(name, link, step)
        scope.read_link(scope.table, link, "stay")
    wanted, about = None, None
    if condition is not None:
        about = instruments.named(condition, and_parts)
        inner = scope.inner(table=name, instruments=about, this=this, listed=None, step=names.combine(scope.step, step))
        wanted = names.condition(condition, inner)
    outer = scope.inner(listed=name, list_step=step, instruments=about)
    args = [] if tree.name == "count" else [names.resolve(a, outer) for a in tree.args]
    return names.typed("aggregate", _type(tree.name, args), name=tree.name, table=name, own=scope.table,
                       settled=frozenset(settled), condition=wanted, args=args)


def _list_step(scope, table, settled, this):
    own = scope.world.tables[this].period
    if table.period is not None and table.period in settled:
        return time_step(settled[table.period], table.period, own)
    return "stay"


def _check_related(scope, table, condition):
    mine = scope.world.tables[scope.table]
    shared, both = scope.world.shared(scope.table, table.name)
    if not (shared or both or not mine.key or not table.key):
        if condition is None or not mentions_this(condition):
            raise Problem(f"{scope.table} and {table.name} share no key")


def _type(name, args):
    if name == "count":
        return names.PLAIN
    kind = args[0].type
    if name in ("any", "all"):
        if kind != names.BOOL:
            raise Problem(f"{name} takes true or false")
        return kind
    if name == "join" and kind != names.TEXT:
        raise Problem("join takes texts")
    if name in ("sum", "mean"):
        names.need_number(args[0])
    if len(args) == 2:
        names.need_number(args[1])
    if name in ("min", "max") and kind[0] not in (names.NUMBER, "date", "period"):
        raise Problem(f"{name} does not compare {names.type_text(kind)}")
    return kind


def apply(node, rows, evaluate, condition_of):
    """rows: in key order, each with `agrees` True or a state; evaluate(arg, row), condition_of(row).

    First the list is formed: an error in it wins, a null in it makes the result null. Then the
    values, row by row; not applicable is skipped, error wins over null (§7)."""
    kept, missing = [], False
    for row, agrees in rows:
        holds = condition_of(row) if agrees is True else agrees
        if isinstance(holds, Err):
            return holds
        if holds is True:
            kept.append(row)
        elif holds is not False:
            missing = True
    if node.name == "count":
        return NULL if missing else Fraction(len(kept))
    found, weights = [], []
    for row in kept:
        value = evaluate(node.args[0], row)
        if isinstance(value, Err):
            return value
        if value is NA:
            continue
        weight = evaluate(node.args[1], row) if len(node.args) == 2 else Fraction(1)
        if isinstance(weight, Err):
            return weight
        found.append(value)
        weights.append(weight)
    if missing:
        return NULL
    return combine(node.name, found, weights)


def combine(name, found, weights):
    if name in ("any", "all"):
        decides = name == "any"
        if decides in [v for v in found if is_value(v)]:
            return decides
        return NULL if not all(map(is_value, found)) else not decides
    if not all(map(is_value, found + weights)):
        return NULL
    if name == "sum":
        return total(found)
    if name == "mean":
        return mean(found, weights)
    if name in ("min", "max"):
        return NULL if not found else min(found) if name == "min" else max(found)
    if name == "join":
        return ", ".join(dict.fromkeys(found))
    distinct = list(dict.fromkeys(found))
    if len(distinct) > 1:
        return Err("not-unique", f"{distinct[0]} and {distinct[1]}")
    return distinct[0] if distinct else NULL


def total(found):
    """The sum; too long is also a common denominator of the list above the limit (§7)."""
    common = math.lcm(*(v.denominator for v in found)) if found else 1
    if common > exact.LIMIT:
        return Err("number-too-long")
    return exact.guard(sum(found, Fraction(0)))


def mean(found, weights):
    weighted = total([v * w for v, w in zip(found, weights)])
    weight = total(weights)
    for one in (weighted, weight):
        if isinstance(one, Err):
            return one
    return NULL if weight == 0 else exact.guard(weighted / weight)
