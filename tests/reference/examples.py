"""The examples inside packs (rule-language §12): given tables, expected cells, no tolerance."""

import datetime

import checks
import exact
import ledger
import periods
import texts
from evaluate import Run
from job import Refused, choose, fill, read_parameters, refuse_broken
from rows import shown
from values import NA, NotSupported, Problem, Err, is_value
from world import World


class Example:
    """One example of one edition. failures() lists (table, key, column, expected, got)."""

    def __init__(self, library, edition, content):
        self.library = library
        self.edition = edition
        self.content = content
        self.findings = []
        self.header_only = set()
        self.passed = 0

    def _run(self):
        names = [f"{self.edition.pack}@{self.edition.version}"]
        editions, pinned = choose(self.library, names)
        world = World(self.library, editions, pinned)
        refuse_broken(self.library, editions, world)
        cycle = self._cycle(world)
        as_of = periods.parse_date(self.content["as_of"]) if "as_of" in self.content else \
            datetime.date(cycle.years[-1], 12, 31)
        parameters = self.content.get("parameters", {})
        if parameters and not all(isinstance(v, dict) for v in parameters.values()):
            parameters = {self.edition.pack: parameters}
        run = Run(world, cycle, as_of, read_parameters(parameters, editions))

        def load(name):
            where, _, table = name.partition("/")
            return texts.from_objects(self.content[where][table], table)

        given = {t: f"given/{t}" for t in self.content.get("given", {})}
        context = {t: f"context/{t}" for t in self.content.get("context", {})}
        fill(run, given, context, load, self)
        return run

    def _cycle(self, world):
        """The years found in the given tables, unless the example has a cycle."""
        if "cycle" in self.content:
            content = self.content["cycle"]
            if isinstance(content, list):
                content = {"years": content}
            years = [int(str(y)) for y in content["years"]]
            return periods.Cycle(str(content.get("id", "cycle")), years)
        years, cycle_id = set(), "cycle"
        for name, rows in self.content.get("given", {}).items():
            table = world.tables.get(name)
            if table is None or table.period is None:
                continue
            for row in rows:
                text = str(row.get(table.period, ""))
                if table.period == "cycle":
                    cycle_id = text
                period = periods.parse_period(table.period, text)
                if period is not None and table.period != "cycle":
                    years.add(periods.start(period, None).year)
        if not years:
            years = self._own_year()
        return periods.Cycle(cycle_id, list(range(min(years), max(years) + 1)))

    def _own_year(self):
        """An example without any period needs some year: the edition's last, or its first."""
        day = self.edition.last or self.edition.first or datetime.date(2000, 1, 1)
        return {day.year}

    def failures(self):
        try:
            run = self._run()
            found = checks.everything(run, self.header_only, self.findings)
        except Refused as refused:
            return [("", "", "", "a result", "refused: " + "; ".join(refused.problems))]
        except (NotSupported, Problem) as problem:
            return [("", "", "", "a result", str(problem))]
        failed = []
        for table, rows in self.content.get("expect", {}).items():
            for row in rows:
                failed += self._row_failures(run, table, row)
        codes = {f["code"] for _, f in found}
        for code in self.content.get("findings", []):
            if code in codes:
                self.passed += 1
            else:
                failed.append(("findings", "", "", code, "not found; found " + ", ".join(sorted(codes))))
        return failed

    def _row_failures(self, run, table, expected):
        if table not in run.world.tables:
            return [(table, "", "", "a table", "no such table")]
        names = run.world.tables[table].key
        try:
            key = tuple(self._key(run, n, str(expected[n])) for n in names)
        except KeyError as missing:
            return [(table, "", "", f"the key column {missing}", "not given")]
        place = " ".join(shown(k) for k in key)
        row = run.data[table].get(key)
        if row is None:
            return [(table, place, "", "a row", "no row")]
        failed = []
        for column, want in expected.items():
            if column in names:
                continue
            if column not in run.world.tables[table].columns:
                failed.append((table, place, column, "a column", "no such column"))
                continue
            got = run.cell(row, column).value
            if self._same(run, row, column, want, got):
                self.passed += 1
            else:
                failed.append((table, place, column, want, self._text(run, row, column, got)))
        return failed

    @staticmethod
    def _key(run, name, text):
        if name == "row":
            return int(text)
        return periods.parse_period(name, text) if name in periods.KINDS else text

    def _same(self, run, row, column, want, got):
        if want is None:
            return not is_value(got) and not isinstance(got, Err)
        if isinstance(want, dict):
            return isinstance(got, Err) and got.code == want.get("error")
        if not is_value(got):
            return False
        want = texts.cell_text(want)
        if isinstance(got, (str, bool, datetime.date, periods.Period)):
            return want == ledger.plain(got)
        edition, made = run.definition(row, column)
        figure = got / made.unit.ratio
        if exact.parse_ratio(want) == figure:
            return True
        return made.shown is not None and want == ledger.number_text(figure, made, edition)

    @staticmethod
    def _text(run, row, column, got):
        if isinstance(got, Err):
            return f"error {got.code} {got.text}".strip()
        if not is_value(got):
            return repr(got)
        _, made = run.definition(row, column)
        if made is not None and made.unit is not None and not isinstance(got, (str, bool)):
            return f"{exact.exact_text(got / made.unit.ratio)} {made.unit.text}"
        return ledger.plain(got)
