"""Which rows each table has (rule-language §3, Rows): those of the files, of `every` and
`cross`, and one for each key that is called for. Found by going round until nothing is added.
"""

import itertools

import periods
from evaluate import Run
from values import NULL, Problem, is_value


class Row:
    def __init__(self, table, key, cells=None, file=None, line=None, context=False):
        self.table = table
        self.key = key                 # column -> text, Period or (row) a whole number
        self.cells = {} if cells is None else cells       # column -> reading.Cell
        self.file = file
        self.line = line
        self.context = context
        self.identity = tuple(key.values())
        self.period = next((v for v in key.values() if isinstance(v, periods.Period)), None)

    @property
    def added(self):
        return self.file is None

    def order(self):
        """Key values in key order, by UTF-8 bytes (formats §4); `row` as a number."""
        return [v if k == "row" else shown(v).encode() for k, v in self.key.items()]

    def shown(self):
        return ", ".join(f"{k}={shown(v)}" for k, v in self.key.items())


def shown(value):
    return periods.text_of(value) if isinstance(value, periods.Period) else str(value)


class Rows:
    """Adds rows to a Run until it is complete. `registers`: tables without a period for which
    the job gives a file."""

    def __init__(self, run, registers):
        self.run = run
        self.world = run.world
        self.registers = registers
        self.problems = []

    def complete(self):
        """Links may themselves be computed, so results are forgotten whenever rows were added."""
        for name, table in self.world.tables.items():
            if not table.key:
                self._add(name, ())
        while True:
            self.run.clear()
            added = self._every() + self._cross() + self._called()
            if self.problems or not added:
                break
        self.run.clear()
        self._check_registers()
        return self.problems

    def _rows(self, table):
        return [r for r in self.run.data[table].values() if not r.context]

    def _add(self, table, key):
        """1 if the row is new. A register is complete: it gets no rows (§3)."""
        names = self.world.tables[table].key
        if key in self.run.data[table] or table in self.registers:
            return 0
        self.run.data[table][key] = Row(table, dict(zip(names, key)))
        return 1

    def _every(self):
        added = 0
        for name, table in self.world.tables.items():
            if not table.every:
                continue
            content = table.every if isinstance(table.every, dict) else {"period": table.every}
            if table.period != content["period"]:
                raise Problem(f"{name}: every {content['period']} needs that period in the key")
            at = table.key.index(table.period)
            for row in self._rows(name):
                for period in periods.within_cycle(table.period, self.run.cycle):
                    key = list(row.identity)
                    key[at] = period
                    if tuple(key) in self.run.data[name]:
                        continue
                    if self._within(content, name, tuple(key)):
                        added += self._add(name, tuple(key))
        return added

    def _within(self, content, table, key):
        """`from` and `to`: dates of a register above; the period counts if any day of it lies within."""
        row = Row(table, dict(zip(self.world.tables[table].key, key)))
        for member in ("from", "to"):
            if member not in content:
                continue
            register, _, column = content[member].partition(".")
            above = self.run.data[register].get(self.run.key_in(row, register))
            date = self.run.cell(above, column).value if above else NULL
            if not is_value(date):
                continue                                    # open
            if member == "from" and periods.end(row.period, self.run.cycle) < date:
                return False
            if member == "to" and periods.start(row.period, self.run.cycle) > date:
                return False
        return True

    def _cross(self):
        added = 0
        for name, table in self.world.tables.items():
            if not table.cross:
                continue
            lists = [self._keys_of(member) for member in table.cross]
            for combination in itertools.product(*lists):
                key = {}
                if all(key.setdefault(k, v) == v for part in combination for k, v in part.items()):
                    lacking = set(table.key) - set(key)
                    every = table.every and not (isinstance(table.every, dict) and {"from", "to"} & set(table.every))
                    if lacking and not (every and lacking == {table.period}):
                        raise Problem(f"{name}: cross gives {sorted(key)}, its key is {table.key}")
                    for period in periods.within_cycle(table.period, self.run.cycle) if lacking else [None]:
                        added += self._add(name, tuple(key.get(k, period) for k in table.key))
        return added

    def _keys_of(self, member):
        """The keys of a table or a factor table, as dicts."""
        if member in self.world.tables:
            return [dict(r.key) for r in self._rows(member)]
        for editions in self.world.editions.values():
            for edition in editions:
                table = edition.factors.get(member)
                if table is not None:
                    found = [{k: row[k] for k in table.keys} for row in table.rows]
                    found = [k for k in found if "*" not in k.values()]
                    return [k for i, k in enumerate(found) if k not in found[:i]]
        raise Problem(f"cross: unknown table {member}")

    def _called(self):
        """Rows called for by the rows of listed tables and by rows that read a table as up."""
        added = 0
        listers = {}                               # table -> tables that list it
        for (_, mine), reads in self.world.row_reads.items():
            for how, other in reads:
                if how == "list":
                    listers.setdefault(other, set()).add(mine)
        for name in self.world.tables:
            for row in self._rows(name):
                for lister in listers.get(name, ()):
                    if self.world.is_up(name, lister):
                        added += self._call(row, lister, ("list", name))
                for how, other in self._reads(row):
                    if how == "up":
                        added += self._call(row, other)
        return added

    def _reads(self, row):
        """What this row's editions read."""
        found = set()
        for pack in self.world.editions:
            edition = self.run.edition(pack, row)
            if edition is not None:
                found |= self.world.row_reads.get((edition.name, row.table), set())
        return found

    def _call(self, row, table, because=None):
        """`because`: the new row's own edition must be one that lists."""
        key = self.run.key_in(row, table)
        if not all(map(is_value, key)) or None in key:
            return 0
        if because and because not in self._reads(Row(table, dict(zip(self.world.tables[table].key, key)))):
            return 0
        return self._add(table, key)

    def _check_registers(self):
        """A row whose key settles a key that a register lacks is an input error at that row."""
        for register in sorted(self.registers):
            for name in self.world.tables:
                if name == register or not self.world.is_up(name, register):
                    continue
                for row in self.run.data[name].values():
                    key = self.run.key_in(row, register)
                    if all(map(is_value, key)) and None not in key and key not in self.run.data[register]:
                        place = f"{row.file}:{row.line}" if row.file else row.table
                        missing = ", ".join(map(shown, key))
                        self.problems.append(f"{place}: {register} has no row {missing}")
