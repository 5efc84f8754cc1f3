"""Table files to rows: headings, units, cells, keys; all problems of a file in one pass
(formats §2, rule-language §3, §4)."""

import re
import unicodedata
from collections import namedtuple

import exact
import instruments
import periods
import texts
from rows import Row, shown
from values import Err, Problem

Cell = namedtuple("Cell", "value text unit places")    # unit: the file's, None for no number
HEADING = re.compile(r"(.*?)\s*\[([^\]]*)\]\Z", re.DOTALL)
COMPANIONS = ("mode", "source", "evidence", "by")


class Reader:
    """Reads the files of one table; `run` knows the world, the cycle and the editions."""

    def __init__(self, run, table, context=False):
        self.run = run
        self.table = run.world.tables[table]
        self.context = context
        self.problems = []
        self.findings = []            # (code, row, column)
        self.rows = []
        self.labels = self._labels()
        self.ending = False           # hours are 1 to 24 and named by their end
        self.latest, self.backward = {}, False   # the latest hour so far by series; whether one went back was told

    def _labels(self):
        found = {}
        for column, made in self.table.columns.items():
            for definition in made.values():
                for label in definition.labels:
                    found.setdefault(label, set()).add(column)
        return found

    def _readable(self, column):
        """May a file give this column? Context files may give any (§3)."""
        if column in self.table.key:
            return column != "row"
        made = self.table.columns.get(column)
        return bool(made) and (self.context or any(d.input for d in made.values()))

    def heading(self, text, options):
        """(column, unit or None) of a heading; None if it is to be ignored."""
        named = {heading: code for code, heading in options.get("columns", {}).items()}
        if text in named:
            return self._with_unit(named[text], None)
        column = self._column(text)
        if column:
            return self._with_unit(column, None)
        bracket = HEADING.match(text)
        if bracket:
            column = named.get(bracket[1]) or self._column(bracket[1])
            if column:
                return self._with_unit(column, bracket[2])
        name, at, kind = text.rpartition("@")
        if at and kind in COMPANIONS and self._column(HEADING.sub(r"\1", name)):
            return None
        ignored = options.get("ignore", [])
        if ignored == "rest" or text in ([ignored] if isinstance(ignored, str) else ignored):
            return None
        raise Problem("unknown column")

    def _column(self, text):
        """By code first, then by label."""
        if self._readable(text):
            return text
        fits = [c for c in self.labels.get(text, ()) if self._readable(c)]
        if len(fits) > 1:
            raise Problem(f"is a label of {' and '.join(sorted(fits))}")
        return fits[0] if fits else None

    def _with_unit(self, column, text):
        if not self._readable(column):
            raise Problem(f"{column} is not an input")
        made = self.table.columns.get(column)
        own = next(iter(made.values())).unit if made else None
        if text is None:
            return column, None
        if own is None:
            raise Problem(f"{column} has no unit")
        unit = self.run.world.library.units.parse(text)
        if unit.dimension != own.dimension:
            raise Problem(f"{text} cannot be converted to {own.text}")
        return column, unit

    def read(self, records, file, options=None):
        """Add one file's rows."""
        options = options or {}
        self.ending = options.get("hours", "0-23") == "1-24"
        self.latest, self.backward = {}, False
        if self.ending and "hour" not in self.table.key:
            self.problems.append(f"{file}: table {self.table.name} has no hours in its key")
            return
        if not records.headings and not records.rows:        # an empty array: nothing, as a heading only
            return
        columns, before = [], len(self.problems)
        for text in records.headings:
            try:
                columns.append(self.heading(text, options))
            except Problem as problem:
                self.problems.append(f"{file}:1: {text}: {problem}")
        names = [c[0] for c in columns if c] + list(options.get("with", {}))
        for name in sorted({n for n in names if names.count(n) > 1}):
            self.problems.append(f"{file}:1: {name}: stands twice")
        for key in self.table.key:
            if key not in names and key != "row":
                self.problems.append(f"{file}:1: {key}: the key column is missing")
        if len(self.problems) > before:
            return
        for line, cells in records.rows:
            self._read_row(file, line, cells, columns, options)

    def _read_row(self, file, line, cells, columns, options):
        if len(cells) != len(columns):
            self.problems.append(f"{file}:{line}: has {len(cells)} cells, the heading has {len(columns)}")
            return
        cells = [c.strip(" \t") for c in cells]
        skip = options.get("skip", [])
        if cells and any(s in cells[0] for s in ([skip] if isinstance(skip, str) else skip)):
            return
        given = dict(options.get("with", {}))
        units = {}
        for entry, text in zip(columns, cells):
            if entry is not None:
                given[entry[0]] = "" if text in options.get("missing", []) else text
                units[entry[0]] = entry[1]
        self._add(file, line, given, units)

    def _add(self, file, line, given, units):
        key, cells, before = {}, {}, len(self.problems)

        def attempt(name, action):
            try:
                return action()
            except Problem as problem:
                self.problems.append(f"{file}:{line}: {name}: {problem}")
                return None

        for name in self.table.key:
            if name == "row":
                key[name] = len(self.rows) + 1
            else:
                key[name] = attempt(name, lambda: self._key(name, str(given[name]), self.ending))
        if len(self.problems) > before:
            return
        row = Row(self.table.name, key, cells, file, line, self.context)
        for name in self.table.columns:
            if name in given:
                cell = attempt(name, lambda: self._cell(row, name, str(given[name]), units.get(name)))
                if cell is not None:
                    cells[name] = cell
            else:
                attempt(name, lambda: self._cell(row, name, "", None))
        self.rows.append(row)
        if "hour" in key and "row" not in key and not self.context:
            self._time_order(row)

    def _time_order(self, row):
        """The first row of a file whose hour is before an earlier row's of the same series is told, once a file."""
        series = tuple((name, value) for name, value in row.key.items() if name != "hour")
        latest = self.latest.get(series)
        if latest is None or row.key["hour"].number >= latest:
            self.latest[series] = row.key["hour"].number
        elif not self.backward:
            self.backward = True
            self.findings.append(("out-of-order", row, "hour"))

    def _key(self, name, text, ending=False):
        check_text(text)
        if text == "":
            raise Problem("a key cell is empty")
        if name not in periods.KINDS:
            return text
        period = periods.parse_hour_ending(text) if ending and name == "hour" else periods.parse_period(name, text)
        if period is None:
            raise Problem(f"{text!r} is not a {name}")
        inside = periods.widen(period, "cycle", self.run.cycle)
        if name == "cycle":
            inside = text == self.run.cycle.id
        if self.context and inside:
            raise Problem(f"{text} lies in the cycle, a context row does not")
        if not self.context and not inside:
            raise Problem(f"{text} does not lie in the cycle")
        return period

    def _cell(self, row, column, text, unit):
        """The cell, or None if it is missing; raises Problem if it may not be so."""
        made = next(iter(self.table.columns[column].values()))
        if not self.context:
            edition, made = self.run.definition(row, column)
            if edition is None:                    # read as the last edition has it, then not used
                made = list(self.table.columns[column].values())[-1]
                if text and made.input is not None:
                    self._given(row, column, made, text, unit)
                return None
            if made is None:                       # a column of another edition (§10)
                if text:
                    self.findings.append(("not-in-edition", row, column))
                return None
            if made.input is None:                 # an input in another edition only
                if text:
                    raise Problem("is computed here, leave it empty")
                return None
        if text == "":
            if not made.optional and not self.context:
                self.findings.append(("missing-value", row, column))
            return None
        return self._given(row, column, made, text, unit)

    def _given(self, row, column, made, text, unit):
        check_text(text)
        kind = self.run.world.type_of(self.table.name, column)
        if self.table.name in ("flow", "holding") and column in instruments.MEASURED:
            unit = instruments.unit_of(self.run.world, row.key["instrument"], column)
        cell = self._value(made, kind, text, unit)
        rounded = cell.places is not None and made.decimals is not None and cell.places > made.decimals
        if rounded and not self.context:
            self.findings.append(("too-many-places", row, column))
        return cell

    def _value(self, made, kind, text, unit):
        if kind[0] == "number":
            return self._number(made, text, unit or made.unit)
        value = None
        if kind[0] == "text":
            value = text
            if made.choices is not None:
                value = text if text in made.choices else made.choice_labels.get(text)
        elif kind[0] == "bool":
            value = {"true": True, "TRUE": True, "false": False, "FALSE": False}.get(text)
        elif kind[0] == "date":
            value = periods.parse_date(text)
        elif kind[0] == "period":
            value = periods.parse_period(kind[1], text)
        if value is None:
            expected = f"one of {', '.join(made.choices)}" if made.choices else f"a {kind[0]}"
            raise Problem(f"{text!r} is not {expected}")
        return Cell(value, text, None, None)

    def _number(self, made, text, unit):
        figure, places = exact.parse(text)
        if figure is None:
            raise Problem(f"{text!r} {places}")
        value = figure * unit.ratio
        if not self.context:
            inside = value / made.unit.ratio
            low = made.minimum is not None and inside < made.minimum
            if low or made.maximum is not None and inside > made.maximum:
                value = Err("out-of-range", f"{text} lies outside its column's min and max")
        return Cell(value, text, unit.text, places)

    def finish(self):
        """Duplicate keys, also those that differ only by letter case, width or spaces; then the
        rows go to the run."""
        seen = {}
        for row in self.rows:
            folded = tuple(fold(shown(v)) if k != "row" else v for k, v in row.key.items())
            if folded in seen:
                other = seen[folded]
                self.problems.append(f"{row.file}:{row.line}: the key {row.shown()} stands already "
                                     f"at {other.file}:{other.line}")
                continue
            seen[folded] = row
            self.run.data[self.table.name][row.identity] = row
        self._refuse_repeated()

    def _refuse_repeated(self):
        """Rows that share what the table calls unique; where a part of it is missing, none does."""
        seen, parts = {}, self.table.unique
        for row in self.rows if parts else ():
            texts = [shown(row.key[p]) if p in row.key else row.cells[p].text if p in row.cells else "" for p in parts]
            if "" in texts:
                continue
            other = seen.setdefault(tuple(fold(t) for t in texts), row)
            if other is not row:
                self.problems.append(f"{row.file}:{row.line}: {', '.join(parts)} stands already at {other.file}:{other.line}")


def check_text(text):
    if any(unicodedata.category(c) == "Cc" for c in text):
        raise Problem("holds a control character")


def fold(text):
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def read_entry(reader, entry, load):
    """One member of a job's `tables`: a file, several, or a file with options (formats §1)."""
    for one in entry if isinstance(entry, list) else [entry]:
        options = one if isinstance(one, dict) else {"file": one}
        unknown = set(options) - {"file", "with", "across", "columns", "ignore", "missing", "skip", "hours"}
        if unknown or "file" not in options:
            raise Problem(f"a table is given by a file, not by {sorted(unknown)}")
        try:
            records = load(options["file"])
            if "across" in options:
                records = upright(reader, records, options)
        except Problem as problem:
            reader.problems.append(str(problem))
            continue
        if options.get("hours", "0-23") not in ("0-23", "1-24"):
            raise Problem("hours are counted 0-23 or 1-24")
        reader.read(records, options["file"], options)


def upright(reader, records, options):
    """`across`: headings that are periods become rows. What is left beside the key columns is
    one column that names the quantities, or none where the table has just one input."""
    kind = options["across"]
    spread = [i for i, h in enumerate(records.headings) if periods.parse_period(kind, h)]
    keys = [i for i, h in enumerate(records.headings) if i not in spread and _is_key(reader, h, options)]
    rest = [i for i, h in enumerate(records.headings) if i not in spread + keys]
    names = {heading: code for code, heading in options.get("columns", {}).items()}
    inputs = [c for c in reader.table.columns if reader._readable(c)]
    rows, found, headings = {}, [], []
    for line, cells in records.rows:
        cells = [c.strip(" \t") for c in cells]
        skip = options.get("skip", [])
        if cells and any(s in cells[0] for s in ([skip] if isinstance(skip, str) else skip)):
            continue
        name = cells[rest[0]] if rest else (next(iter(names.values())) if len(names) == 1 else inputs[0])
        if name not in headings:
            headings.append(name)
        for i in spread:
            at = (tuple(cells[k] for k in keys), records.headings[i])
            rows.setdefault(at, (line, {}))[1][name] = cells[i]
    for (key, period), (line, cells) in rows.items():
        found.append((line, [*key, period] + [cells.get(h, "") for h in headings]))
    return texts.Records([records.headings[k] for k in keys] + [kind] + headings, found)


def _is_key(reader, heading, options):
    return heading in reader.table.key or any(
        heading == h and c in reader.table.key for c, h in options.get("columns", {}).items())
