"""One cell at a time: the formula of its row's edition, evaluated as it is written
(rule-language §4, §5, §7, §10). Cells are remembered, nothing else is clever.

An Outcome is what a cell came to: its value or state, and how. A place is (row, this, listed):
the row of bare names, the row being computed (for this.x), the row of the list.
"""

import datetime
import operator
from collections import namedtuple
from fractions import Fraction

import aggregates
import exact
import factors
import functions
import instruments
import periods
from values import NA, NULL, Err, Problem, blocked, is_value

Outcome = namedtuple("Outcome", "value how cite case")
Place = namedtuple("Place", "row this listed")
COMPARE = {"=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le,
           ">": operator.gt, ">=": operator.ge}


class Run:
    """A world, a cycle and rows; ask cell(row, column)."""

    def __init__(self, world, cycle, as_of, parameters=None):
        self.world = world
        self.cycle = cycle
        self.as_of = as_of
        self.parameters = parameters or {}
        self.data = {name: {} for name in world.tables}     # table -> key values -> Row
        self.positions = []           # (holder, position) and findings of settled moves
        self.registry_findings = []
        self.clear()

    def clear(self):
        """Forget all results (the rows changed)."""
        self.memo = {}
        self.busy = set()
        self.groups = {}
        self.errors = []              # (row, column, Err) where each arose
        self.used_factors = {}        # (table name, line) -> (table, row)

    # Rows

    def last_day(self, row):
        """The last day of the row's own period; without one, of the cycle's last year (§9, §10)."""
        period = row.period
        if period is None or period.kind == "cycle":
            return datetime.date(self.cycle.years[-1], 12, 31)
        return periods.end(period, self.cycle)

    def edition(self, pack, row):
        """The pack's edition for this row, or None (§10)."""
        editions = self.world.editions.get(pack, ())
        if pack in self.world.pinned or pack == instruments.PACK:
            return editions[0]
        day = self.last_day(row)
        return next((e for e in editions if e.covers(day)), None)

    def definition(self, row, column):
        """(edition, Column) of a cell; either may be None."""
        table = self.world.tables[row.table]
        edition = self.edition(table.owner[column], row)
        if edition is None:
            return None, None
        return edition, table.columns[column].get(edition.name)

    def key_in(self, row, table, instead=None):
        """The key of the row of `table` that this row's key and links settle; None if a link
        or period has no value. `instead` gives the value of a link while rows are being found."""
        found = []
        for key in self.world.tables[table].key:
            if key in row.key:
                found.append(row.key[key])
            elif key in periods.KINDS:
                found.append(periods.widen(row.period, key, self.cycle) if row.period else None)
            else:
                found.append(self.named(row, key))
        return tuple(found)

    def named(self, row, name):
        """A key column of this row, its link, or the link of the row above it; None while that row
        is yet to be added."""
        table = self.world.tables[row.table]
        if name in row.key or name not in table.inherited:
            return self.cell(row, name).value
        key = self.key_in(row, table.inherited[name])
        stopped = None if None in key else blocked(key)
        if stopped is not None:
            return stopped
        above = self.data[table.inherited[name]].get(key)
        return None if above is None else self.cell(above, name).value

    # Cells

    def cell(self, row, column):
        if column in row.key:
            value = row.key[column]
            return Outcome(Fraction(value) if column == "row" else value, "key", None, None)
        place = (row.table, row.identity, column)
        if place in self.memo:
            return self.memo[place]
        if place in self.busy:
            raise Problem(f"{row.table}.{column} depends on itself at {row.shown()}")
        self.busy.add(place)
        found = self._compute(row, column)
        self.busy.discard(place)
        if isinstance(found.value, Err) and found.value.home is None:
            found.value.home = (row, column)
            self.errors.append((row, column, found.value))
        self.memo[place] = found
        return found

    def _compute(self, row, column):
        given = row.cells.get(column)
        if row.context:                        # only what the file gives (§3)
            return Outcome(given.value if given else NULL, "measured", None, None)
        edition, made = self.definition(row, column)
        if edition is None:
            computed = any(d.cases for d in self.world.tables[row.table].columns[column].values())
            return Outcome(Err("no-edition"), "formula" if computed else "measured", None, None)
        if made is None:
            return Outcome(NA, "formula", None, None)
        if given is not None:
            how = "override" if made.cases else "measured"
            return Outcome(given.value, how, made.cite, None)
        if not made.cases:
            return Outcome(NULL, "measured", made.cite, None)
        formula = self.world.resolved[edition.name, row.table, column]
        if formula.cases is None:
            return Outcome(Err("not-supported"), "formula", made.cite, None)
        return self._formula(row, edition, made, formula)

    def _formula(self, row, edition, made, formula):
        place = Place(row, row, None)
        if formula.when is not None:
            applies = self.evaluate(formula.when, place)
            if applies is False:
                return Outcome(NA, "formula", made.cite, None)
            if applies is not True:
                return Outcome(applies if isinstance(applies, Err) else NULL, "formula", made.cite, None)
        for number, (when, value, how, cite) in enumerate(formula.cases):
            holds = True if when is None else self.evaluate(when, place)
            if holds is False:
                continue
            if holds is not True:
                return Outcome(holds if isinstance(holds, Err) else NULL, "formula", made.cite, None)
            found = self._rounded(self.evaluate(value, place), made, edition)
            return Outcome(found, how, cite or made.cite, number)
        return Outcome(NA, "formula", made.cite, None)

    @staticmethod
    def _rounded(value, made, edition):
        """Rounding happens in the column's unit, on the exact value (§4)."""
        if made.round is None or not isinstance(value, Fraction):
            return value
        kind, n, mode = made.round
        mode = mode or edition.rounding
        figure = value / made.unit.ratio
        if kind == "significant":
            figure = exact.round_significant(figure, n, mode)
        else:
            figure = exact.round_to(figure, n, mode)
        return exact.guard(figure * made.unit.ratio)

    # Expressions

    def evaluate(self, node, place):
        return getattr(self, "_" + node.kind)(node, place)

    def _both(self, node, place):
        left, right = self.evaluate(node.left, place), self.evaluate(node.right, place)
        return left, right, blocked((left, right))

    def _value(self, node, place):
        return node.value

    def _null(self, node, place):
        return NULL

    def _as_of(self, node, place):
        return self.as_of

    def _parameter(self, node, place):
        given = self.parameters.get((node.pack, node.name))
        made = node.edition.parameters[node.name]
        return made.default if given is None else made.value_of(given)

    def _column(self, node, place):
        return self.cell(place.row, node.name).value

    def _this(self, node, place):
        return self.cell(place.this, node.name).value

    def _listed(self, node, place):
        return self.cell(place.listed, node.name).value

    def _up(self, node, place):
        if node.table == place.row.table:
            return self.cell(place.row, node.name).value
        key = self.key_in(place.row, node.table)
        stopped = blocked(key)
        if stopped is not None:
            return stopped
        row = self.data[node.table].get(key)
        if row is None or (row.context and not place.row.context):
            return NULL
        return self.cell(row, node.name).value

    def _listed_up(self, node, place):
        return self._up(node, Place(place.listed, place.this, None))

    def _lookup(self, node, place):
        key = tuple(self.evaluate(a, place) for a in node.args)
        stopped = blocked(key)
        if stopped is not None:
            return stopped
        row = self.data[node.table].get(key)
        return NULL if row is None else self.cell(row, node.name).value

    def _factor(self, node, place):
        args = [self.evaluate(a, place) for a in node.args]
        day = self.last_day(place.row) if node.at is None else self.evaluate(node.at, place)
        stopped = blocked(args + [day])
        if stopped is not None:
            return stopped
        value, used = factors.find(node.table, args, day, node.name)
        for row in used:
            self.used_factors[node.table.name, row["#line"]] = (node.table, row)
        return value

    def _negate(self, node, place):
        value = self.evaluate(node.value, place)
        return -value if is_value(value) else blocked((value,))

    def _arithmetic(self, node, place):
        left, right, stopped = self._both(node, place)
        if stopped is not None:
            return stopped
        if node.op == "/":
            return exact.guard(left / right) if right != 0 else Err("division-by-zero")
        if node.op == "*":
            return exact.guard(left * right)
        return exact.guard(left + right if node.op == "+" else left - right)

    def _power(self, node, place):
        base, exponent = self.evaluate(node.base, place), self.evaluate(node.exponent, place)
        stopped = blocked((base, exponent))
        return exact.power(base, exponent) if stopped is None else stopped

    def _period_step(self, node, place):
        left, right, stopped = self._both(node, place)
        if stopped is not None:
            return stopped
        moved = periods.step(left, node.sign * int(right)) if right.denominator == 1 else None
        return moved or Err("out-of-range", "a period moves by whole numbers within the years 1 to 9999")

    def _date_difference(self, node, place):
        left, right, stopped = self._both(node, place)
        return (left - right).days * node.day if stopped is None else stopped

    def _date_step(self, node, place):
        left, right, stopped = self._both(node, place)
        if stopped is not None:
            return stopped
        days = right / node.day * node.sign
        if days.denominator != 1 or not 1 <= left.toordinal() + days <= datetime.date.max.toordinal():
            return Err("out-of-range", "a date moves by whole days within the years 1 to 9999")
        return left + datetime.timedelta(days=int(days))

    def _if(self, node, place):
        holds = self.evaluate(node.condition, place)
        if not is_value(holds):
            return blocked((holds,))
        return self.evaluate(node.yes if holds else node.no, place)

    def _and(self, node, place):
        return self._decided(node, place, False)

    def _or(self, node, place):
        return self._decided(node, place, True)

    def _decided(self, node, place, decides):
        """`and` is decided by false, `or` by true; the right side is then not looked at (§7)."""
        left = self.evaluate(node.left, place)
        if left is decides or isinstance(left, Err):
            return left
        right = self.evaluate(node.right, place)
        if right is decides or isinstance(right, Err):
            return right
        return NULL if not (is_value(left) and is_value(right)) else not decides

    def _is_null(self, node, place):
        value = self.evaluate(node.value, place)
        return value if isinstance(value, Err) else (not is_value(value)) != node.negated

    def _compare(self, node, place):
        left, right, stopped = self._both(node, place)
        return COMPARE[node.op](left, right) if stopped is None else stopped

    def _between(self, node, place):
        values = [self.evaluate(n, place) for n in (node.value, node.low, node.high)]
        stopped = blocked(values)
        return values[1] <= values[0] <= values[2] if stopped is None else stopped

    def _in(self, node, place):
        value, *items = [self.evaluate(n, place) for n in [node.value] + node.items]
        stopped = blocked([value] + items)
        if stopped is not None:
            return stopped
        return any(periods.lies_in(value, i, self.cycle) if isinstance(i, periods.Period) else value == i
                   for i in items)

    def _call(self, node, place):
        if node.name == "coalesce":
            return self._coalesce(node, place)
        values = [self.evaluate(a, place) for a in node.args]
        stopped = blocked(values)
        return functions.apply(node, values, self) if stopped is None else stopped

    def _coalesce(self, node, place):
        value = NULL
        for arg in node.args:
            value = self.evaluate(arg, place)
            if is_value(value) or isinstance(value, Err):
                return value
        return NULL

    # Lists

    def _aggregate(self, node, place):
        rows = self._listed_rows(node, place.row)

        def condition_of(row):
            if node.condition is None:
                return True
            return self.evaluate(node.condition, Place(row, place.this, None))

        def evaluate(arg, row):
            return self.evaluate(arg, Place(place.row, place.this, row))

        own = None if node.own is None else self.evaluate(node.own, place)
        return aggregates.apply(node, rows, evaluate, condition_of, own)

    def _listed_rows(self, node, row):
        """The rows of the table that agree with mine (§3), each with True or the state of a link."""
        mine, other = self.world.tables[row.table], self.world.tables[node.table]
        shared, both = self.world.shared(row.table, node.table)
        keys = [k for k in shared if k in mine.key and k in other.key and k not in node.settled]
        links = [k for k in shared if not (k in mine.key and k in other.key) and k not in node.settled]
        kind = None
        if both and other.period not in node.settled:
            longer = max(periods.KINDS.index(mine.period), periods.KINDS.index(other.period))
            kind = periods.KINDS[longer]
        with_context = other.period is not None and other.period in node.settled
        wanted = tuple(row.key[k] for k in keys)
        if kind is not None:
            wanted += (periods.widen(row.period, kind, self.cycle),)
        group = self._group(node.table, tuple(keys), kind, with_context).get(wanted, ())
        return [(r, self._links_agree(row, r, links)) for r in group]

    def _group(self, table, keys, kind, with_context):
        """Rows of a table by what has to be equal, in key order: only so that lists are found quickly."""
        name = (table, keys, kind, with_context)
        if name not in self.groups:
            made = {}
            for row in sorted(self.data[table].values(), key=lambda r: r.order()):
                if row.context and not with_context:
                    continue
                at = tuple(row.key[k] for k in keys)
                if kind is not None:
                    at += (periods.widen(row.period, kind, self.cycle),)
                made.setdefault(at, []).append(row)
            self.groups[name] = made
        return self.groups[name]

    def _links_agree(self, mine, other, links):
        """True, False, NULL (a link is missing) or an error."""
        state = True
        for name in links:
            values = [NULL if v is None else v for v in (self.named(mine, name), self.named(other, name))]
            stopped = blocked(values)
            if isinstance(stopped, Err):
                return stopped
            if stopped is not None:
                state = NULL if state is True else state
            elif values[0] != values[1]:
                return False
        return state
