"""Dates and periods: written form, order, steps, and which lies in which (rule-language §3).

A Period is (kind, number): the number counts hours, days, months, quarters or years, so that
order and steps are integers; a cycle's number is its id.
"""

import datetime
import re
from collections import namedtuple

KINDS = ("hour", "day", "month", "quarter", "year", "cycle")   # each lies in the next longer one
Period = namedtuple("Period", "kind number")
Cycle = namedtuple("Cycle", "id years")       # years: whole numbers, consecutive

DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z", re.ASCII)
FORMS = {
    "hour": re.compile(r"(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3])\Z", re.ASCII),
    "month": re.compile(r"(\d{4})-(0[1-9]|1[0-2])\Z", re.ASCII),
    "quarter": re.compile(r"(\d{4})-Q([1-4])\Z", re.ASCII),
    "year": re.compile(r"(\d{4})\Z", re.ASCII),
}


def parse_date(text):
    """A date written 2022-03-31, or None."""
    match = DATE.match(text)
    if not match:
        return None
    try:
        return datetime.date(*map(int, match.groups()))
    except ValueError:
        return None


def parse_period(kind, text):
    """A period of this kind, or None if the text is no such thing."""
    if kind == "cycle":
        return Period(kind, text) if text else None
    if kind == "day":
        date = parse_date(text)
        return Period(kind, date.toordinal()) if date else None
    match = FORMS[kind].match(text)
    if not match:
        return None
    if kind == "hour":
        date = parse_date(match[1])
        return Period(kind, date.toordinal() * 24 + int(match[2])) if date else None
    year = int(match[1])
    if year == 0:
        return None
    if kind == "year":
        return Period(kind, year)
    per_year = 12 if kind == "month" else 4
    return Period(kind, year * per_year + int(match[2]) - 1)


def text_of(period):
    kind, number = period
    if kind == "cycle":
        return number
    if kind == "hour":
        return datetime.date.fromordinal(number // 24).isoformat() + f"T{number % 24:02d}"
    if kind == "day":
        return datetime.date.fromordinal(number).isoformat()
    if kind == "month":
        return f"{number // 12:04d}-{number % 12 + 1:02d}"
    if kind == "quarter":
        return f"{number // 4:04d}-Q{number % 4 + 1}"
    return f"{number:04d}"


def start(period, cycle):
    kind, number = period
    if kind == "cycle":
        return datetime.date(cycle.years[0], 1, 1)
    if kind == "hour":
        return datetime.date.fromordinal(number // 24)
    if kind == "day":
        return datetime.date.fromordinal(number)
    if kind == "month":
        return datetime.date(number // 12, number % 12 + 1, 1)
    if kind == "quarter":
        return datetime.date(number // 4, number % 4 * 3 + 1, 1)
    return datetime.date(number, 1, 1)


def end(period, cycle):
    kind, number = period
    if kind == "cycle":
        return datetime.date(cycle.years[-1], 12, 31)
    if kind in ("hour", "day"):
        return start(period, cycle)
    if kind == "year":
        return datetime.date(number, 12, 31)
    months = number % 12 + 1 if kind == "month" else number % 4 * 3 + 3
    year = number // 12 if kind == "month" else number // 4
    next_month = datetime.date(year + months // 12, months % 12 + 1, 1) if (year, months) < (9999, 12) else None
    return next_month - datetime.timedelta(days=1) if next_month else datetime.date(9999, 12, 31)


def step(period, count):
    """The period `count` later (earlier if negative), or None beyond the years 1 to 9999."""
    moved = Period(period.kind, period.number + count)
    try:
        year = start(moved, None).year
    except (ValueError, OverflowError):
        return None
    return moved if 1 <= year <= 9999 else None


def widen(period, kind, cycle):
    """The period of a longer (or the same) kind in which this one lies; None if there is none."""
    if period.kind == kind:
        return period
    if KINDS.index(kind) < KINDS.index(period.kind):
        return None
    if period.kind == "cycle":
        return None
    date = start(period, cycle)
    if kind == "cycle":
        return Period("cycle", cycle.id) if date.year in cycle.years else None
    if kind == "day":
        return Period(kind, date.toordinal())
    if kind == "month":
        return Period(kind, date.year * 12 + date.month - 1)
    if kind == "quarter":
        return Period(kind, date.year * 4 + (date.month - 1) // 3)
    return Period("year", date.year)


def lies_in(inner, outer, cycle):
    """A date or a period in a period (§6: x in (a, b) holds also when x lies in one of them)."""
    if isinstance(inner, datetime.date):
        inner = Period("day", inner.toordinal())
    return widen(inner, outer.kind, cycle) == outer


def within_cycle(kind, cycle):
    """All periods of a kind in the cycle, in order (for `every`, §3)."""
    if kind == "cycle":
        return [Period("cycle", cycle.id)]
    first = datetime.date(cycle.years[0], 1, 1)
    last = datetime.date(cycle.years[-1], 12, 31)
    if kind == "hour":
        return [Period(kind, n) for n in range(first.toordinal() * 24, last.toordinal() * 24 + 24)]
    from_period = widen(Period("day", first.toordinal()), kind, cycle)
    to_period = widen(Period("day", last.toordinal()), kind, cycle)
    return [Period(kind, n) for n in range(from_period.number, to_period.number + 1)]
