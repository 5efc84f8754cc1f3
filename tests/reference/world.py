"""The packs in use, seen as one set of tables: who defines a column, what is up, what agrees,
which columns a formula reads, and that they form no circle (rule-language §3, §5, §10)."""

from types import SimpleNamespace

import functions
import instruments
import periods
import resolve
from values import NotSupported, Problem


class WorldTable:
    def __init__(self, name, key):
        self.name = name
        self.key = key
        self.period = next((k for k in key if k in periods.KINDS), None)
        self.packs = set()             # packs that define it
        self.columns = {}              # column -> {edition name: Column}
        self.owner = {}                # column -> pack
        self.every = self.cross = None
        self.optional = False
        self.inherited = {}            # link of a table above -> that table

    @property
    def texts(self):
        """Key columns that must be equal where two tables share them; a record number is of
        one table only."""
        return [k for k in self.key if k not in periods.KINDS and k != "row"]

    @property
    def links(self):
        return [c for c, made in self.columns.items() if any(d.link for d in made.values())]

    @property
    def settled(self):
        """Every text that each row's key settles: key columns, own links, links of tables above."""
        return self.texts + self.links + list(self.inherited)


class World:
    def __init__(self, library, editions, pinned=(), subject=None):
        """editions: pack -> [Edition]; pinned: packs whose one edition serves every row; subject: of the job, if there is one."""
        self.library = library
        self.instruments = instruments.declared(editions)
        built_in = instruments.edition(self.instruments, library, subject or instruments.usual_subject(editions))
        self.editions = {**editions, instruments.PACK: [built_in]} if built_in else editions
        self.pinned = set(pinned)
        self.problems = []
        self.unsupported = []
        self.tables = {}
        self.resolved = {}             # (edition name, table, column) -> Formula
        self.checks = []               # (edition, Check, when, require)
        self.types = {}
        self.in_progress = set()
        self.reads = {}                # (table, column) -> {(table, column, step)}
        self.row_reads = {}            # (edition name, table) -> {("up"|"list", table)}
        self.givers = self._givers()
        for pack in sorted(self.editions):
            for edition in self.editions[pack]:
                self._add(edition)
        for edition in [e for es in self.editions.values() for e in es]:
            self._check_names(edition)
        for name, table in self.tables.items():
            for column in table.columns:
                if column in table.key:
                    self.problems.append(f"{name}.{column}: is a key and a column")
        self._inherit_links()
        self._resolve_all()
        if not self.problems:
            self._check_circles()

    def _givers(self):
        """(table, column) -> the pack whose definition stands: the first that does not leave it open."""
        every = [(pack, table.name, column) for pack in sorted(self.editions) for edition in self.editions[pack]
                 for table in edition.tables.values() for column in table.columns.values()]
        givers = {}
        for pack, table, column in sorted(every, key=lambda one: (one[2].open, one[0])):
            givers.setdefault((table, column.name), pack)
        return givers

    def left_open(self, edition, table, column):
        return column.open and self.givers[table, column.name] != edition.pack

    def _add(self, edition):
        for name, table in edition.tables.items():
            mine = self.tables.setdefault(name, WorldTable(name, table.key))
            if mine.key != table.key:
                self.problems.append(f"{edition.name}: {name}: its key is {table.key}, elsewhere {mine.key}")
            mine.packs.add(edition.pack)
            mine.every = table.every or mine.every
            mine.cross = table.cross or mine.cross
            mine.optional = table.optional or mine.optional
            for column, made in table.columns.items():
                if self.left_open(edition, name, made):
                    continue
                if mine.owner.setdefault(column, edition.pack) != edition.pack:
                    self.problems.append(f"{edition.name}: {name}.{column}: {mine.owner[column]} defines it too")
                mine.columns.setdefault(column, {})[edition.name] = made

    def _check_names(self, edition):
        """A function, a table and a factor table must not share a name (§5)."""
        for name in sorted(set(edition.tables) | set(edition.factors)):
            if name in functions.ALL or name in edition.factors and name in self.tables:
                self.problems.append(f"{edition.name}: {name} names two things")

    def _inherit_links(self):
        """A link of a table above counts for the tables below it, which may make more tables stand
        above them. Of several tables above with that link the nearest one gives it."""
        grew = True
        while grew:
            grew = False
            for name in sorted(self.tables):
                mine = self.tables[name]
                for above in sorted(self.tables):
                    theirs = self.tables[above]
                    if above == name or not theirs.key or not self.is_up(name, above):
                        continue
                    for link in theirs.links:
                        if link not in mine.settled:
                            mine.inherited[link] = above
                            grew = True
        for name, mine in self.tables.items():
            for link in mine.inherited:
                self._nearest(name, link)

    def _nearest(self, name, link):
        given = [a for a in sorted(self.tables)
                 if a != name and self.tables[a].key and link in self.tables[a].links and self.is_up(name, a)]
        nearest = [a for a in given if all(self.is_up(a, other) for other in given)]
        if nearest:
            self.tables[name].inherited[link] = nearest[0]
        else:
            self.problems.append(f"{name}: the link {link} comes from {' and '.join(given)}; give {name} its own")

    def visible(self, edition):
        """A pack sees its own columns, those of the packs it needs, and flow, holding, lot (§5)."""
        return {edition.pack, instruments.PACK} | {n.split("@")[0] for n in edition.needs}

    def key_type(self, key):
        if key in periods.KINDS:
            return ("period", key)
        return ("number", ()) if key == "row" else ("text",)

    def type_of(self, table, column):
        if column in self.tables[table].key:
            return self.key_type(column)
        if (table, column) not in self.types:
            if (table, column) in self.in_progress:
                raise Problem(f"the type of {table}.{column} depends on itself")
            self.in_progress.add((table, column))
            try:
                self.types[table, column] = self._find_type(table, column)
            finally:
                self.in_progress.discard((table, column))
        return self.types[table, column]

    def _find_type(self, table, column):
        """Declared by the unit or the input; otherwise what the formula gives."""
        found = None
        for name, made in self.tables[table].columns[column].items():
            if made.unit is not None:
                kind = ("number", made.unit.dimension)
            elif made.input is not None:
                kind = (made.input,)
            else:
                kind = self._formula_type(name, table, made)
            if found not in (None, kind):
                raise Problem(f"{table}.{column}: editions differ in its type or dimension")
            found = kind
        return found

    def _formula_type(self, edition_name, table, made):
        edition = next(e for es in self.editions.values() for e in es if e.name == edition_name)
        scope = resolve.Scope(self, edition, table)
        kind = ("null",)
        for _, formula, _, _ in made.cases:
            case = resolve.resolve(formula, scope).type
            kind = case if kind == ("null",) else kind
        if kind[0] == "number":
            raise Problem(f"{table}.{made.name}: a number column has a unit")
        return kind

    def unit_of(self, table, column, edition):
        made = self.tables[table].columns.get(column, {})
        chosen = made.get(edition.name) or next(iter(made.values()), None)
        return chosen.unit if chosen else None

    def is_up(self, mine, other):
        """Does a key of `mine` settle all of the key of `other`? (§3, Up)"""
        mine, other = self.tables[mine], self.tables[other]
        if mine is other:
            return True
        for key in other.key:
            if key in periods.KINDS:
                if mine.period is None or periods.KINDS.index(mine.period) > periods.KINDS.index(key):
                    return False
            elif key == "row" or key not in mine.settled:
                return False
        return True

    def shared(self, mine, other):
        """Text keys and links in which rows must be equal to agree, and whether periods must meet.
        A link meets a key; two links of one name (the meters of two things) do not meet."""
        mine, other = self.tables[mine], self.tables[other]
        names = [k for k in other.texts if k in mine.settled]
        names += [k for k in other.settled if k in mine.texts and k not in names]
        return names, mine.period is not None and other.period is not None

    def _resolve_all(self):
        for pack in sorted(self.editions):
            for edition in self.editions[pack]:
                for table in edition.tables.values():
                    for column in table.columns.values():
                        if not self.left_open(edition, table.name, column):
                            self._resolve_column(edition, table.name, column)
                for check in edition.checks.values():
                    self._resolve_check(edition, check)

    def _resolve_column(self, edition, table, column):
        place = f"{edition.name}: {table}.{column.name}"
        scope = resolve.Scope(self, edition, table)
        try:
            formula = resolve.column(self, scope, column)
            self.resolved[edition.name, table, column.name] = formula
        except NotSupported as problem:
            self.unsupported.append(f"{place}: {problem}")
            self.resolved[edition.name, table, column.name] = SimpleNamespace(when=None, cases=None)
        except Problem as problem:
            self.problems.append(f"{place}: {problem}")
        self.reads.setdefault((table, column.name), set()).update(scope.reads)
        for row_table, reads in scope.row_reads.items():
            self.row_reads.setdefault((edition.name, row_table), set()).update(reads)

    def _resolve_check(self, edition, check):
        place = f"{edition.name}: check {check.id}"
        if check.table not in self.tables:
            self.problems.append(f"{place}: unknown table {check.table}")
            return
        scope = resolve.Scope(self, edition, check.table)
        try:
            when = resolve.condition(check.when, scope) if check.when else None
            require = resolve.condition(check.require, scope)
            self.checks.append((edition, check, when, require))
        except NotSupported as problem:
            self.unsupported.append(f"{place}: {problem}")
        except Problem as problem:
            self.problems.append(f"{place}: {problem}")
        for row_table, reads in scope.row_reads.items():
            self.row_reads.setdefault((edition.name, row_table), set()).update(reads)

    def _check_circles(self):
        """The graph may loop only through an earlier period (§5)."""
        graph = {cell: {(t, c) for t, c, _ in reads} for cell, reads in self.reads.items()}
        for group in strong_components(graph):
            members = set(group)
            inside = [(cell, (t, c), step) for cell in group
                      for t, c, step in self.reads.get(cell, ()) if (t, c) in members]
            if not inside:
                continue
            kinds = {self.tables[t].period for t, _ in group}
            names = " -> ".join(f"{t}.{c}" for t, c in sorted(group))
            if len(kinds) > 1 or kinds == {None} or any(s == "free" for _, _, s in inside):
                self.problems.append(f"these columns depend on each other: {names}")
                continue
            stay = {cell: {b for a, b, s in inside if a == cell and s == "stay"} for cell in group}
            if any(len(g) > 1 or g[0] in stay[g[0]] for g in strong_components(stay)):
                self.problems.append(f"these columns depend on each other: {names}")


def strong_components(graph):
    """Tarjan's strongly connected components, without recursion."""
    index, low, on_stack, stack, found = {}, {}, set(), [], []
    for root in sorted(graph):
        if root in index:
            continue
        work = [(root, iter(sorted(graph.get(root, ()))))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            cell, following = work[-1]
            for other in following:
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    on_stack.add(other)
                    work.append((other, iter(sorted(graph.get(other, ())))))
                    break
                if other in on_stack:
                    low[cell] = min(low[cell], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[cell])
                if low[cell] == index[cell]:
                    group = []
                    while True:
                        member = stack.pop()
                        on_stack.discard(member)
                        group.append(member)
                        if member == cell:
                            break
                    found.append(group)
    return found
