"""sum, mean, min, max, any, all, count, only, join, percentile, rank, latest over a list (rule-language §3, §5, §7, §8).

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


LISTS = ("sum", "mean", "any", "all", "count", "only", "join", "percentile", "rank", "latest")


def list_arguments(tree):
    """The arguments that speak of the list, without last(n, …) around them; and n, None for all rows.
    What percentile and rank take beside the list belongs to the row that lists."""
    args = list(tree.args)
    if tree.name in ("percentile", "rank"):
        args = [args[1 if tree.name == "rank" else 0]]
    first = args[0]
    if first.kind == "call" and first.name == "last" and first.field is None and len(first.args) == 2:
        n = names.whole_literal(first.args[0])
        if n is None or not 1 <= n <= 1_000_000:
            raise Problem("last takes a whole number, from 1, that is written out")
        return [first.args[1]] + args[1:], n
    return args, None


def settled_first(condition, key):
    """The filter with the parts that settle a key in front: what they leave out is not asked more."""
    parts = and_parts(condition)
    settling = [p for found in settled_keys(condition, key).values() for p in found]
    ordered = [p for p in parts if any(p is s for s in settling)] + \
              [p for p in parts if not any(p is s for s in settling)]
    found = ordered[0]
    for part in ordered[1:]:
        found = SimpleNamespace(kind="and", left=found, right=part)
    return found


def find_list(tree, args, scope):
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
        if one.kind == "call" and one.name in LISTS:
            return                                # a list of its own
        for child in children(one):
            look(child)

    for arg in args:
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
    two = tree.name in ("percentile", "rank", "latest")
    most = 2 if two or tree.name == "mean" else 1
    if not (2 if two else 1) <= len(tree.args) <= most:
        raise Problem(f"{tree.name} takes {'a list' if most == 1 else 'a list and one thing more'}")
    about_list, last = list_arguments(tree)
    name, condition = find_list(tree, about_list, scope)
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
        wanted = names.condition(settled_first(condition, table.key + table.links), inner)
    outer = scope.inner(listed=name, list_step=step, instruments=about)
    if tree.name == "count" and last is not None:
        raise Problem("count takes a table")
    args = [] if tree.name == "count" else [names.resolve(a, outer) for a in about_list]
    own = None
    if tree.name in ("percentile", "rank"):
        own = names.resolve(tree.args[0 if tree.name == "rank" else 1], scope)
        if tree.name == "percentile" and names.need_number(own) != ():
            raise Problem("the share of percentile is a plain number")
        if tree.name == "rank":
            args[0], own = names.unify([args[0], own])[0]
    return names.typed("aggregate", _type(tree.name, args), name=tree.name, table=name,
                       settled=frozenset(settled), condition=wanted, args=args, last=last, own=own)


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
    if name in ("sum", "mean", "percentile"):
        names.need_number(args[0])
    if name == "latest":
        if args[1].type[0] not in (names.NUMBER, "date", "period"):
            raise Problem("latest is told by a number, a date or a period")
        return kind
    if len(args) == 2:
        names.need_number(args[1])
    if name in ("min", "max", "rank") and kind[0] not in (names.NUMBER, "date", "period"):
        raise Problem(f"{name} does not compare {names.type_text(kind)}")
    return names.PLAIN if name == "rank" else kind


def apply(node, rows, evaluate, condition_of, own):
    """rows: in key order, each with `agrees` True or a state; evaluate(arg, row), condition_of(row).
    own: what the row that lists gives to percentile and rank.

    First the list is formed: an error in it wins, a null in it makes the result null. Then the
    values, row by row; not applicable is skipped, error wins over null (§7). What rank takes is
    written before the list, what percentile takes after it: so errors come in that order."""
    if node.name == "rank" and isinstance(own, Err):
        return own
    found = _of_list(node, rows, evaluate, condition_of)
    if node.own is None or isinstance(found, Err):
        return found
    if isinstance(own, Err):
        return own
    if not is_value(own) or found is NULL:
        return NULL
    return rank(own, found) if node.name == "rank" else percentile(found, own)


def _of_list(node, rows, evaluate, condition_of):
    kept, missing = [], False
    for row, agrees in rows:
        holds = condition_of(row) if agrees is True else agrees
        if isinstance(holds, Err):
            return holds
        if holds is True:
            kept.append(row)
        elif holds is not False:
            missing = True
    if node.last is not None:
        missing = missing or len(kept) < node.last
        kept = kept[-node.last:]
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
    if node.own is not None:
        return found if all(map(is_value, found)) else NULL
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
    if name == "latest":
        return latest(found, weights)
    if name == "join":
        return ", ".join(dict.fromkeys(found))
    distinct = list(dict.fromkeys(found))
    if len(distinct) > 1:
        return Err("not-unique", f"{distinct[0]} and {distinct[1]}")
    return distinct[0] if distinct else NULL


def percentile(found, share):
    """Linear between ranks, k = 1 + (n − 1)·p."""
    if not 0 <= share <= 1:
        return Err("out-of-range", "the share of percentile is from 0 to 1")
    if not found:
        return NULL
    ordered = sorted(found)
    k = (len(ordered) - 1) * share
    low = ordered[math.floor(k)]
    return exact.guard(low + (ordered[math.ceil(k)] - low) * (k - math.floor(k)))


def rank(own, found):
    return Fraction(1 + sum(1 for value in found if value > own))


def latest(found, order):
    if not found:
        return NULL
    top = [value for value, at in zip(found, order) if at == max(order)]
    return top[0] if len(top) == 1 else Err("not-unique", f"{top[0]} and {top[1]}")


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
