"""A job: job.json and its tables to a run (formats §1, rule-language §10)."""

import pathlib

import instruments
import periods
import reading
import settle
import texts
from evaluate import Run
from rows import Rows
from values import Problem
from world import World

MEMBERS = {"job", "title", "cycle", "as_of", "packs", "tables", "registry", "context", "parameters",
           "previous", "subject", "statement", "note"}


class Refused(Exception):
    """The job cannot be run: a list of problems for people."""

    def __init__(self, problems):
        super().__init__("\n".join(problems))
        self.problems = problems


def choose(library, names):
    """(pack -> editions, pinned packs) for the named packs and those that they need (§10)."""
    editions, pinned, waiting = {}, set(), list(names)
    while waiting:
        pack, _, version = waiting.pop(0).partition("@")
        if pack in editions and not (version and pack not in pinned):
            continue
        known = library.editions.get(pack)
        if not known or (version and version not in known):
            raise Refused([f"pack {pack}{'@' + version if version else ''} is not installed"])
        editions[pack] = [known[version]] if version else list(known.values())
        if version:
            pinned.add(pack)
        waiting += [n for e in editions[pack] for n in e.needs]
    return editions, pinned


def refuse_broken(library, editions, world):
    names = [e.name for es in editions.values() for e in es]
    broken = [p for p in library.problems if any(n + ":" in p or n + " " in p for n in names)]
    if broken + world.problems:
        raise Refused(broken + world.problems)


def parse_cycle(content):
    years = [periods.parse_period("year", str(y)) for y in content["years"]]
    if None in years or not years or any(b.number != a.number + 1 for a, b in zip(years, years[1:])):
        raise Refused(["cycle: its years are consecutive, each written 2022"])
    return periods.Cycle(str(content.get("id", "cycle")), [y.number for y in years])


def read_parameters(content, editions):
    found = {}
    for pack, settings in content.items():
        for name, value in settings.items():
            made = [e.parameters[name] for e in editions.get(pack, ()) if name in e.parameters]
            if not made:
                raise Refused([f"parameters: {pack} has no parameter {name}"])
            try:
                made[0].value_of(value)
            except (Problem, ValueError) as problem:
                raise Refused([f"parameters: {problem}"]) from None
            found[pack, name] = value
    return found


class Job:
    """run() gives a complete Run; `header_only` and `findings` are what the files told."""

    def __init__(self, library, path):
        self.library = library
        self.path = pathlib.Path(path)
        self.folder = self.path.parent
        self.findings = []
        self.header_only = set()

    def run(self):
        try:
            content = texts.read_json(self.path)
        except (Problem, OSError, UnicodeDecodeError) as error:
            raise Refused([str(error)]) from None
        unknown = set(content) - MEMBERS
        if unknown:
            raise Refused([f"{self.path.name}: unknown member {sorted(unknown)[0]}"])
        self.subject = content.get("subject", "entity")
        editions, pinned = choose(self.library, content["packs"])
        world = World(self.library, editions, pinned, self.subject)
        refuse_broken(self.library, editions, world)
        as_of = periods.parse_date(content["as_of"])
        if as_of is None:
            raise Refused(["as_of is a date: 2023-12-31"])
        run = Run(world, parse_cycle(content["cycle"]), as_of,
                  read_parameters(content.get("parameters", {}), editions))
        fill(run, content.get("tables", {}), content.get("context", {}), self._load, self,
             lambda: self._settle(run, content))
        return run

    def _settle(self, run, content):
        """Post the moves; what the job then needs to have: instruments (§11)."""
        name = content.get("registry")
        if not name:
            return []
        if not run.world.instruments:
            return [f"{name}: no pack in use declares an instrument"]
        return settle.settle(run, self._load(name), name, self.subject, content.get("tables", {}))

    def _load(self, name):
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder.resolve()):
            raise Problem(f"{name}: a path may not leave the job's folder")
        return texts.read_records(path, name)


def fill(run, tables, context, load, notes, settled=lambda: []):
    """Read all files, then add the rows that are called for; Refused if anything is wrong.
    `notes` gets `findings` and `header_only`; `settled` posts the moves before rows are called for."""
    problems = []
    for entries, is_context in ((tables, False), (context, True)):
        for name, entry in entries.items():
            if name not in run.world.tables:
                problems.append(f"{name}: no pack has this table")
                continue
            reader = reading.Reader(run, name, is_context)
            reading.read_entry(reader, entry, load)
            reader.finish()
            if not is_context and not reader.rows and not reader.problems:
                notes.header_only.add(name)
            problems += reader.problems
            notes.findings += reader.findings
    problems = problems or settled()
    if problems:
        raise Refused(problems)
    registers = {n for n in tables if run.world.tables[n].period is None}
    problems = Rows(run, registers).complete()
    if problems:
        raise Refused(problems)
    instruments.complete(run, lambda value: reading.Cell(value, "", None, None))
    run.clear()
