"""Random formulas that are valid: right types, dimensions and relations (rule-language §5–§9).

A Writer knows the columns that exist so far; what it writes reads only these, so that columns
form no circle. Loops through time are written by generate.py, on purpose.
"""

from model import PERIODS, PRODUCTS, QUOTIENTS, UNITS

TEXTS = {"fuel": ["coal", "gas", "oil"], "line": ["1", "2", "10"], "entity": ["A", "B", "厂C"], "gas": ["NO", "SO"],
         "district": ["north", "south"]}
KINDS = ["big", "small", "old one"]


class Place:
    """Where a formula stands: the table of bare names, the row's table inside a filter, and
    whether aggregates may still be nested."""

    def __init__(self, table, this=None, depth=3, nested=0):
        self.table = table
        self.this = this
        self.depth = depth
        self.nested = nested

    def deeper(self):
        return Place(self.table, self.this, self.depth - 1, self.nested)


class Writer:
    def __init__(self, rng, tables, factors, constants, parameters):
        self.rng = rng
        self.tables = tables           # name -> model.Table, columns in order of making
        self.factors = factors         # list of factors.Factor
        self.constants = constants     # name -> dimension
        self.parameters = parameters   # name -> type

    # Choosing

    def columns(self, table, type_):
        return [c.name for c in table.columns if c.type == type_]

    def write(self, type_, place):
        """An expression of a type; brackets are the caller's concern (see atom)."""
        if type_ in UNITS:
            return self.number(type_, place)
        return {"bool": self.bool, "text": self.text, "date": self.date}[type_](place)

    def atom(self, type_, place):
        """A formula that may stand anywhere: a reference, or brackets."""
        text = self.write(type_, place)
        return text if text.replace("_", "a").replace(".", "a").isalnum() and not text[0].isdigit() else f"({text})"

    # Numbers

    def number(self, dimension, place):
        if place.depth <= 0 or self.rng.random() < 0.25:
            return self.leaf(dimension, place)
        inner = place.deeper()
        makers = [self._sum, self._product, self._quotient, self._if, self._coalesce, self._extreme, self._rounded,
                  self._aggregate, self._aggregate, self._lookup, self._factor, self._negative]
        if dimension == "1":
            makers += [self._power, self._function, self._count, self._calendar] * 2
            makers += [self._rank, self._rank, self._span_of_dates]
        found = self.rng.choice(makers)(dimension, inner)
        return found if found is not None else self.leaf(dimension, place)

    def literal(self, dimension):
        rng = self.rng
        figure = rng.choice(["0", "1", "2", "10", "0.5", "1.25", "3", "0.1", "12.345", "100", "1e2", "2.5e-1"])
        unit = rng.choice(UNITS[dimension])
        return figure if unit == "1" and rng.random() < 0.7 else f"{figure}[{unit}]"

    def leaf(self, dimension, place):
        options = self.references(dimension, place)
        if options and self.rng.random() < 0.8:
            return self.rng.choice(options)
        return self.literal(dimension)

    def references(self, type_, place):
        """Own columns, constants, parameters, columns of tables above, this.x."""
        found = self.columns(place.table, type_)
        found += [c for c, d in self.constants.items() if d == type_]
        found += [p for p, t in self.parameters.items() if t == type_]
        for other in self.tables.values():
            if other is not place.table and place.table.settles(other):
                found += [f"{other.name}.{c}" for c in self.columns(other, type_)]
        if place.this is not None:
            found += [f"this.{c}" for c in self.columns(place.this, type_)]
        if type_ == "text":
            found += place.table.texts()
            if place.this is not None:
                found += [f"this.{k}" for k in place.this.texts()]
        if type_ == "1" and "row" in place.table.key:
            found.append("row")
        return found

    def _sum(self, dimension, place):
        parts = [self.atom(dimension, place) for _ in range(self.rng.choice([2, 2, 3]))]
        text = parts[0]
        for part in parts[1:]:
            text += self.rng.choice([" + ", " - "]) + part
        return text

    def _product(self, dimension, place):
        pairs = [pair for pair, result in PRODUCTS.items() if result == dimension]
        left, right = self.rng.choice(sorted(pairs))
        return f"{self.atom(left, place)} * {self.atom(right, place)}"

    def _quotient(self, dimension, place):
        pairs = [pair for pair, result in QUOTIENTS.items() if result == dimension]
        left, right = self.rng.choice(sorted(pairs))
        text = f"{self.atom(left, place)} / {self.atom(right, place)}"
        return f"{text} / {self.leaf('1', place)}" if self.rng.random() < 0.2 else text

    def _if(self, type_, place):
        no = "null" if self.rng.random() < 0.1 else self.write(type_, place)
        return f"if {self.bool(place)} then {self.write(type_, place)} else {no}"

    def _coalesce(self, type_, place):
        count = self.rng.choice([2, 2, 3])
        return "coalesce(" + ", ".join(self.write(type_, place) for _ in range(count)) + ")"

    def _extreme(self, dimension, place):
        name = self.rng.choice(["min", "max"])
        return f"{name}({self.number(dimension, place)}, {self.number(dimension, place)})"

    def _rounded(self, dimension, place):
        unit = self.rng.choice(UNITS[dimension])
        inside = self.number(dimension, place)
        name = self.rng.choice(["round", "round", "floor", "ceiling"])
        places = f", {self.rng.choice(['0', '1', '2', '3', '-1'])}" if name == "round" else ""
        return f'{name}({inside}{places}, "{unit}")'

    def _negative(self, dimension, place):
        return f"-{self.atom(dimension, place)}" if self.rng.random() < 0.5 else f"abs({self.number(dimension, place)})"

    def _power(self, dimension, place):
        if self.rng.random() < 0.05:
            return self.rng.choice(["1e90 ** 300", "2 ** 65537", "2 ** 65536 / 2 ** 65535", "1 / 2 ** 65537"])
        base = self.atom("1", place)
        exponent = self.rng.choice(["2", "3", "-1", "0", "-2", "0.5", "1.5"])
        return f"round({base}, 3, \"1\") ** {exponent}" if "." in exponent else f"{base} ** {exponent}"

    def _function(self, dimension, place):
        inside = self.number("1", place)
        name = self.rng.choice(["sqrt", "ln", "exp"])
        if name == "exp":
            return f'exp(max(-20, min(20, round({inside}, 4, "1"))))'
        return f'{name}(round({inside}, 6, "1"))'

    def _calendar(self, dimension, place):
        period = place.table.period
        if period is None:
            return None
        options = [f"days({period}) / 1[d]"]
        if period == "hour":
            options = []
        if period != "cycle":
            options.append(f"year({period})")
        if period in ("hour", "day", "month"):
            options.append(f"month({period})")
        options.append(f"(end({period}) - start({period})) / 1[d]")
        return self.rng.choice(options)

    # Lists

    def _list(self, place):
        """(table, filter text) of a list that may be read here, or None."""
        if place.nested > 1:
            return None
        rng, own = self.rng, place.table
        lists = [t for t in self.tables.values() if own.lists(t)]
        this = place.this or own
        loops = [own] if own.period not in (None, "cycle") and this.settles_period(own) else []
        choices = lists * 3 + loops
        if not choices:
            return None
        table = rng.choice(choices)
        if table is own:
            return table, f"[{self._span(place)}]"
        if rng.random() < 0.4:
            inside = Place(table, place.this or own, depth=1, nested=place.nested + 1)
            return table, f"[{self.bool(inside)}]"
        return table, ""

    def _span(self, place):
        """A filter that settles the period itself; `this` is the row being computed."""
        period, this = place.table.period, place.this or place.table
        if this.period != period:
            return f"{period} in this.{this.period}"
        n = self.rng.choice(["1", "2", "3", "11"])
        return self.rng.choice([f"{period} < this.{period}", f"{period} <= this.{period} - {n}", f"this.{period} > {period}",
                                f"{period} between this.{period} - {n} and this.{period}", f"{period} = this.{period} - {n}"])

    def _aggregate(self, dimension, place):
        found = self._list(place)
        if found is None:
            return None
        table, condition = found
        columns = self.columns(table, dimension)
        if not columns:
            return None
        rng = self.rng
        name = rng.choice(["sum", "sum", "mean", "min", "max", "only", "percentile", "latest"])
        first = f"{table.name}{condition}.{rng.choice(columns)}"
        plain = self.columns(table, "1")
        if name == "percentile":
            share = rng.choice(["0.5", "0", "1", "0.98", "95[%]", "1 / 3", "2", self.leaf("1", place)])
            return f"percentile({self._last(first)}, {share})"
        if name == "latest":
            return f"latest({self._last(first)}, {self._order(table)})"
        if name in ("sum", "mean") and plain and rng.random() < 0.25:
            first += f" * {table.name}.{rng.choice(plain)}"
        if name == "mean" and rng.random() < 0.5:
            weights = [c for d in UNITS for c in self.columns(table, d)]
            return f"mean({self._last(first)}, {table.name}.{rng.choice(weights)})"
        return f"{name}({self._last(first)})"

    def _last(self, listed):
        """Now and then only the last rows of a list."""
        return f"last({self.rng.choice(['1', '2', '3', '5'])}, {listed})" if self.rng.random() < 0.2 else listed

    def _order(self, table):
        """What tells which row of a list is the latest."""
        numbers = [c for d in UNITS for c in self.columns(table, d)] + self.columns(table, "date")
        if table.period not in (None, "cycle"):
            numbers += [table.period] * 2
        return f"{table.name}.{self.rng.choice(numbers)}" if numbers else "1"

    def _rank(self, dimension, place):
        found = self._list(place)
        if found is None:
            return None
        kinds = [d for d in UNITS if self.columns(found[0], d)]
        if not kinds:
            return None
        kind = self.rng.choice(kinds)
        listed = f"{found[0].name}{found[1]}.{self.rng.choice(self.columns(found[0], kind))}"
        return f"rank({self.leaf(kind, place)}, {self._last(listed)})"

    def _span_of_dates(self, dimension, place):
        dates = [self.date(place) for _ in range(4)]
        if self.rng.random() < 0.5:
            return f"months({dates[0]}, {dates[1]})"
        return f"overlap({', '.join(dates)}) / 1[d]"

    def _count(self, dimension, place):
        found = self._list(place)
        return None if found is None else f"count({found[0].name}{found[1]})"

    # One row elsewhere

    def _lookup(self, type_, place):
        tables = [t for t in self.tables.values() if t.key and "row" not in t.key and self.columns(t, type_)]
        if not tables:
            return None
        table = self.rng.choice(tables)
        args = []
        for key in table.key:
            arg = self._period_argument(key, place) if key in PERIODS else self._text_argument(key, place)
            if arg is None:
                return None
            args.append(arg)
        return f"{table.name}({', '.join(args)}).{self.rng.choice(self.columns(table, type_))}"

    def _period_argument(self, key, place):
        if place.table.period == key:
            if key == "cycle":
                return key
            return self.rng.choice([key, f"{key} - 1", f"{key} - 2", f"{key} + 1"])
        return {"month": '"2022-02"', "year": '"2022"', "day": '"2022-03-02"', "quarter": '"2022-Q1"', "hour": '"2022-03-01T00"'}.get(key)

    def _text_argument(self, key, place):
        if key in place.table.key + place.table.links and self.rng.random() < 0.8:
            return key
        return f'"{self.rng.choice(TEXTS[key])}"'

    def _factor(self, dimension, place):
        fits = [f for f in self.factors if any(u == dimension for u in f.values.values())]
        if not fits:
            return None
        factor = self.rng.choice(fits)
        args = [factor.argument(kind, self, place) for kind in factor.arguments]
        field = self.rng.choice([n for n, d in factor.values.items() if d == dimension])
        if None in args:
            return None
        at = ""
        if factor.dated and self.rng.random() < 0.2:
            at = ' at date("2022-02-15")'
        return f"{factor.name}({', '.join(args)}{at}).{field}"

    # True and false, texts, dates

    def bool(self, place):
        if place.depth <= 0:
            return self._simple_bool(place)
        inner = place.deeper()
        kind = self.rng.randrange(7)
        if kind == 0:
            return " and ".join(self._bracketed(inner) for _ in range(2))
        if kind == 1:
            return " or ".join(self._bracketed(inner) for _ in range(2))
        if kind == 2:
            return f"not({self.bool(inner)})"
        if kind == 3:
            found = self._list(inner)
            columns = self.columns(found[0], "bool") if found else []
            if columns:
                return f"{self.rng.choice(['any', 'all'])}({found[0].name}{found[1]}.{self.rng.choice(columns)})"
        return self._simple_bool(inner)

    def _bracketed(self, place):
        return f"({self.bool(place)})" if self.rng.random() < 0.6 else self._simple_bool(place)

    def _simple_bool(self, place):
        rng = self.rng
        kind = rng.randrange(8)
        if kind == 0 and self.references("bool", place):
            return rng.choice(self.references("bool", place))
        if kind == 1:
            return rng.choice(["true", "false"])
        if kind == 2:
            type_ = rng.choice(["1", "mass", "energy", "text"])
            return f"{self.leaf(type_, place) if type_ != 'text' else self._text_leaf(place)} {rng.choice(['=', '!='])} null"
        if kind == 3:
            return f"{self._text_leaf(place)} {rng.choice(['=', '!='])} {self._text_leaf(place)}"
        if kind == 4:
            return f'{self._text_leaf(place)} in ("coal", "A", "big", "1")'
        if kind == 5 and place.table.period:
            return self._time_test(place)
        dimension = rng.choice(["1", "mass", "energy", "density"])
        if kind == 6:
            return f"{self.atom(dimension, place)} between {self.literal(dimension)} and {self.literal(dimension)}"
        return f"{self.atom(dimension, place)} {rng.choice(['=', '!=', '<', '<=', '>', '>='])} {self.leaf(dimension, place)}"

    def _time_test(self, place):
        period, rng = place.table.period, self.rng
        dates = self.references("date", place)
        if dates and rng.random() < 0.4:
            return rng.choice([f"{rng.choice(dates)} in {period}", f"{rng.choice(dates)} <= end({period})"])
        literal = {"month": ["2022-02", "2022-05"], "year": ["2022", "2021"], "quarter": ["2022-Q1", "2022-Q2"],
                   "day": ["2022-03-01", "2022-02-03"], "hour": ["2022-03-01T02", "2022-02-28T22"]}.get(period)
        if literal is None:
            return f"end({period}) = as_of"
        return rng.choice([f'{period} >= "{literal[0]}"', f'{period} in ("{literal[0]}", "{literal[1]}")',
                           f'{period} between "{literal[0]}" and "{literal[1]}"', f'{period} + 1 > "{literal[1]}"'])

    def _text_leaf(self, place):
        options = self.references("text", place)
        if options and self.rng.random() < 0.7:
            return self.rng.choice(options)
        return '"' + self.rng.choice(["coal", "A", "big", "north", "1", "厂C"]) + '"'

    def text(self, place):
        if place.depth > 0 and self.rng.random() < 0.4:
            inner = place.deeper()
            found = self._list(inner)
            columns = self.columns(found[0], "text") + found[0].texts() if found else []
            if columns and self.rng.random() < 0.6:
                return f"{self.rng.choice(['join', 'only'])}({found[0].name}{found[1]}.{self.rng.choice(columns)})"
            return self.rng.choice([self._if, self._coalesce])("text", inner)
        return self._text_leaf(place)

    def date(self, place):
        options = self.references("date", place) + ["as_of", 'date("2022-03-31")']
        base = self.rng.choice(options)
        if place.table.period and self.rng.random() < 0.4:
            base = f"{self.rng.choice(['start', 'end'])}({place.table.period})"
        if self.rng.random() < 0.3:
            base += self.rng.choice([" + 40[d]", " - 1[d]", " + 2[d]"])
        return base
