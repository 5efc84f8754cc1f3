"""The functions of rule-language §8 on single values; lists are in aggregates.py.

resolve(tree, scope) gives a typed node of kind "call" or "aggregate"; apply(node, values, run)
works on evaluated arguments that are all values (null and errors have been dealt with).
"""

import calendar
import datetime
import math
from fractions import Fraction
from types import SimpleNamespace

import aggregates
import exact
import periods
import resolve as names
from values import Err, Problem

LISTS = {"sum", "mean", "any", "all", "count", "only", "join", "percentile", "rank", "latest"}
VALUES = {"abs", "sqrt", "ln", "exp", "round", "floor", "ceiling", "coalesce", "not", "date",
          "year", "month", "start", "end", "days", "min", "max", "months", "overlap", "last"}
ALL = LISTS | VALUES


def resolve(tree, scope):
    name = tree.name
    if name == "last":
        raise Problem("last(n, …) is a list: it stands inside max, sum, …")
    if name in LISTS or (name in ("min", "max") and len(tree.args) == 1):
        return aggregates.resolve(tree, scope)
    if name == "date":
        return _date(tree)
    if name in ("round", "floor", "ceiling"):
        return _rounding(tree, scope)
    args = [names.resolve(a, scope) for a in tree.args]
    if name in ("min", "max", "coalesce"):
        return _choice(name, args)
    if name in ("months", "overlap"):
        return _span(name, args, scope)
    if len(args) != 1:
        raise Problem(f"{name} takes one argument")
    return names.typed("call", _type_of_one(name, args[0], scope), name=name, args=args)


def _date(tree):
    if len(tree.args) != 1 or tree.args[0].kind != "text":
        raise Problem('date takes a text: date("2023-12-31")')
    date = periods.parse_date(tree.args[0].value)
    if date is None:
        raise Problem(f"{tree.args[0].value!r} is not a date")
    return names.typed("value", names.DATE, value=date)


def _choice(name, args):
    if not args or (name != "coalesce" and len(args) < 2):
        raise Problem(f"{name} takes two or more values, or one list")
    args, kind = names.unify(args)
    if name != "coalesce" and kind[0] not in (names.NUMBER, "date", "period", "null"):
        raise Problem(f"{name} does not compare {names.type_text(kind)}")
    return names.typed("call", kind, name=name, args=args)


def _span(name, args, scope):
    if len(args) != (2 if name == "months" else 4):
        raise Problem(f"{name} takes {'two' if name == 'months' else 'four'} dates")
    if any(a.type not in (names.DATE, names.NULL_TYPE) for a in args):
        raise Problem(f"{name} takes dates")
    kind = names.PLAIN if name == "months" else (names.NUMBER, scope.world.library.units.parse("d").dimension)
    return names.typed("call", kind, name=name, args=args)


def _type_of_one(name, arg, scope):
    kind = arg.type
    if name == "not":
        if kind not in (names.BOOL, names.NULL_TYPE):
            raise Problem("not takes true or false")
        return names.BOOL
    if name in ("year", "month", "start", "end", "days"):
        return _period_function(name, kind, scope)
    dimension = names.need_number(arg)
    if name == "abs":
        return kind
    if name == "sqrt":
        if any(e % 2 for _, e in dimension):
            raise Problem("the root of this unit is no unit")
        return (names.NUMBER, tuple((b, e // 2) for b, e in dimension))
    if dimension:
        raise Problem(f"{name} takes a plain number")
    return names.PLAIN


def _period_function(name, kind, scope):
    if kind == names.NULL_TYPE:
        kind = names.DATE
    finer = periods.KINDS[:periods.KINDS.index(name) + 1] if name in ("year", "month") else periods.KINDS
    fits = (kind[0] == "period" and kind[1] in finer) or (kind == names.DATE and name in ("year", "month"))
    if not fits:
        raise Problem(f"{name} does not take {names.type_text(kind)}")
    if name == "days":
        return (names.NUMBER, scope.world.library.units.parse("d").dimension)
    return names.DATE if name in ("start", "end") else names.PLAIN


def _rounding(tree, scope):
    """round, floor and ceiling work in the unit of a lone column, constant or literal;
    otherwise the last argument names it (§8)."""
    args, unit = list(tree.args), None
    least = 2 if tree.name == "round" else 1
    if len(args) == least + 1 and args[-1].kind == "text":
        unit = scope.world.library.units.parse(args.pop().value)
    if len(args) != least:
        raise Problem(f"{tree.name} takes {least} argument(s) and perhaps a unit")
    args = [names.resolve(a, scope) for a in args]
    dimension = names.need_number(args[0])
    if unit is None:
        unit = getattr(args[0], "unit", None)
        if unit is None and dimension:
            raise Problem(f'{tree.name} of an expression names its unit: {tree.name}(…, "GJ")')
    elif unit.dimension != dimension:
        raise Problem(f"{unit.text} is not the unit of this value")
    if len(args) == 2 and names.need_number(args[1]) != ():
        raise Problem("the number of decimals is a plain number")
    return names.typed("call", args[0].type, name=tree.name, args=args,
                       ratio=unit.ratio if unit else Fraction(1), mode=scope.edition.rounding)


def apply(node, values, run):
    name, x = node.name, values[0]
    if name == "abs":
        return abs(x)
    if name == "sqrt":
        return exact.square_root(x)
    if name == "ln":
        return exact.natural_log(x)
    if name == "exp":
        return exact.exponential(x)
    if name in ("round", "floor", "ceiling"):
        return _rounded(node, values)
    if name == "not":
        return not x
    if name in ("min", "max"):
        return min(values) if name == "min" else max(values)
    day = run.world.library.units.parse("d").ratio
    if name == "months":
        return Fraction(_months(*values))
    if name == "overlap":
        return max(0, (min(values[1], values[3]) - max(values[0], values[2])).days + 1) * day
    return _of_period(name, x, run.cycle, day)


def _rounded(node, values):
    x = values[0] / node.ratio
    if node.name == "floor":
        return math.floor(x) * node.ratio
    if node.name == "ceiling":
        return math.ceil(x) * node.ratio
    places = values[1]
    if places.denominator != 1 or abs(places) > 1000:
        return Err("out-of-range", "the number of decimals is a whole number")
    return exact.guard(exact.round_to(x, int(places), node.mode) * node.ratio)


def _months(first, last):
    """The least n for which `first` and n months reach `last`, tried one by one near the answer."""
    def reached(n):
        year, month = divmod(first.year * 12 + first.month - 1 + n, 12)
        length = calendar.monthrange(2000 + year % 400, month + 1)[1]
        return (year, month + 1, min(first.day, length)) >= (last.year, last.month, last.day)

    n = (last.year - first.year) * 12 + last.month - first.month - 2
    while not reached(n):
        n += 1
    return n


def _of_period(name, x, cycle, day):
    if isinstance(x, datetime.date):
        return Fraction(x.year if name == "year" else x.month)
    first, last = periods.start(x, cycle), periods.end(x, cycle)
    if name == "start":
        return first
    if name == "end":
        return last
    if name == "days":
        return day / 24 if x.kind == "hour" else (last - first).days * day + day
    return Fraction(first.year if name == "year" else first.month)
