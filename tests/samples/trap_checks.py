"""What can be asked of the sample city's ledger: an entry, a finding, a position, a refusal, a recomputed stack.

Each function gives a check: it takes a ledger and the program, and gives the problems that it sees.
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
from decimal import Decimal

ROOT = pathlib.Path(__file__).resolve().parents[2]
CITY = ROOT / "inputs/sample-city"
NEXT = ROOT / "inputs/sample-city-next"


class Ledger:
    def __init__(self, path, folder=CITY):
        self.path, self.folder = path, folder
        self.file = json.loads(path.read_text(encoding="utf-8"))
        self.by_entity = {e["entity"]: e for e in self.file["entities"]}

    def entries(self, entity):
        return self.by_entity[entity]["entries"]

    def findings(self, entity):
        return self.by_entity[entity]["findings"]


def line_of(name, line, folder=CITY):
    raw = (folder / name).read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030")
    return text.splitlines()[line - 1]


def entry(entity, table, key, column, value, **more):
    """One entry of the ledger: its value (None: missing or failed) and further members, if named."""
    def check(ledger, _):
        found = [e for e in ledger.entries(entity) if e["table"] == table and e["key"] == key and e["column"] == column]
        if len(found) != 1:
            return [f"{entity} {table}.{column} {key}: {len(found)} entries"]
        wanted = {"value": value, **more}
        return [f"{entity} {table}.{column} {key}: {name} is {found[0].get(name)!r}, not {want!r}"
                for name, want in wanted.items() if found[0].get(name) != want]
    return check


def no_entry(entity, table, key, column):
    """Not applicable: no entry at all, not an empty one."""
    def check(ledger, _):
        found = [e for e in ledger.entries(entity) if e["table"] == table and e["key"] == key and e["column"] == column]
        return [f"{entity} {table}.{column} {key}: an entry where none belongs: {found[0]}"] if found else []
    return check


def finding(entity, code, severity, table, key, *texts, file=None, at=None):
    """One finding: its message holds `texts`; it points at a line of `file` that holds `at`."""
    def check(ledger, _):
        found = [f for f in ledger.findings(entity) if (f["code"], f.get("table"), f.get("key")) == (code, table, key)]
        if len(found) != 1:
            return [f"{entity} {code} at {table} {key}: {len(found)} findings"]
        one, said, problems = found[0], found[0]["message"]["en"], []
        if one["severity"] != severity:
            problems.append(f"is {one['severity']}, not {severity}")
        problems += [f"{text!r} is not in {said!r}" for text in texts if text not in said]
        if file and (one.get("file") != file or at not in line_of(file, one["line"], ledger.folder)):
            problems.append(f"points at {one.get('file')}:{one.get('line')}, where {at!r} does not stand")
        return [f"{entity} {code}: {problem}" for problem in problems]
    return check


def no_finding(entity, code):
    def check(ledger, _):
        keys = [f["key"] for f in ledger.findings(entity) if f["code"] == code]
        return [f"{entity}: a finding {code} where none belongs: {key}" for key in keys]
    return check


def general(code, *texts):
    """A finding of the job as a whole: its message and cite hold `texts`."""
    def check(ledger, _):
        fits = [f for f in ledger.file["findings"]
                if f["code"] == code and all(t in f["message"]["en"] + f.get("cite", "") for t in texts)]
        return [] if len(fits) == 1 else [f"{code} with {texts}: {len(fits)} findings"]
    return check


def total(table, key, column, value, **more):
    def check(ledger, _):
        found = [t for t in ledger.file["totals"] if t["table"] == table and t["key"] == key and t["column"] == column]
        wanted = {"value": value, **more}
        if len(found) != 1 or any(found[0].get(k) != v for k, v in wanted.items()):
            return [f"{table}.{column} {key}: {found}, not {wanted}"]
        return []
    return check


def explained(figure, where, *texts):
    """What `qz explain` says of a figure holds `texts`."""
    def check(ledger, qz):
        command = [qz, "explain", str(ledger.path), figure, "--job", str(CITY / "job.json"), "--where", *where]
        done = subprocess.run(command, capture_output=True, text=True)
        lacking = [text for text in texts if text not in done.stdout]
        return [f"explain {figure} {where}: {lacking} is not in\n{done.stdout}{done.stderr}"] if lacking else []
    return check


def quiet(entity):
    """No finding of an entity is an error or a warning."""
    def check(ledger, _):
        return [f"{entity}: {f['severity']} {f['code']}" for f in ledger.findings(entity) if f["severity"] != "info"]
    return check


def position(entity, instrument, lot, state, quantity):
    def check(ledger, _):
        wanted = {"instrument": instrument, "lot": lot, "state": state}
        found = [p["quantity"] for p in ledger.by_entity[entity]["positions"] if wanted.items() <= p.items()]
        return [] if found == ([quantity] if quantity else []) else [f"{entity} {wanted}: {found}, not {quantity}"]
    return check


def afterwards(*checks):
    """The follow-on job of 2023 and 2024 ends with 1 and passes these checks."""
    def check(_, qz):
        with tempfile.TemporaryDirectory(prefix="traps-") as scratch:
            done = subprocess.run([qz, "run", str(NEXT / "job.json"), "--output", scratch], capture_output=True, text=True)
            if done.returncode != 1:
                return [f"what follows must end with 1, it ended with {done.returncode}\n{done.stderr}"]
            ledger = Ledger(pathlib.Path(scratch) / "ledger.json", NEXT)
            return [f"2023–2024: {problem}" for one in checks for problem in one(ledger, qz)]
    return check


def added(entity, table, keys, column, value):
    """Entries that add up to a figure in the ledger."""
    def check(ledger, _):
        values = [Decimal(e["value"]) for e in ledger.entries(entity)
                  if e["table"] == table and e["key"] in keys and e["column"] == column]
        if len(values) == len(keys) and str(sum(values)) == value:
            return []
        return [f"{entity} {table}.{column}: {values}, not {value} together"]
    return check


def summed(year, column):
    """The city's figure of a year is that of its fifteen entities together."""
    def check(ledger, _):
        values = [Decimal(e["value"]) for entity in ledger.by_entity for e in ledger.entries(entity)
                  if e["table"] == "entity_year" and e["key"] == {"year": year} and e["column"] == column]
        if len(values) != 15:
            return [f"{column} {year}: {values}"]
        return total("city_year", {"year": year}, column, str(sum(values)))(ledger, None)
    return check


def hours_of(entity):
    """Hours of a stack: those of the quarter, and what each valid one weighed in kg, the year before included."""
    valid, all_hours = {}, []
    for line in (CITY / f"stack-{entity}-before.csv").read_text(encoding="utf-8").splitlines()[1:]:
        hour, _, mass = line.split(",")
        valid.update({hour: Decimal(mass)} if mass else {})
    for line in (CITY / f"stack-{entity}.csv").read_text(encoding="utf-8").splitlines()[1:]:
        hour, concentration, flow, *_ = line.split(",")
        valid.update({hour: Decimal(concentration) * Decimal(flow) / 1000000} if concentration and flow else {})
    for month, days in (("01", 31), ("02", 28), ("03", 31)):
        all_hours += [f"2021-{month}-{day:02d}T{hour:02d}" for day in range(1, days + 1) for hour in range(24)]
    return all_hours, valid


def stack(entity, pollutant, window):
    """The months of a stack: what was measured, and for any other hour the largest of the last `window` valid ones."""
    def check(ledger, qz):
        all_hours, valid = hours_of(entity)
        problems, quarter = [], Decimal(0)
        for month in ("2021-01", "2021-02", "2021-03"):
            mass = Decimal(0)
            for hour in (one for one in all_hours if one.startswith(month)):
                before = sorted(one for one in valid if one < hour)[-window:]
                mass += valid[hour] if hour in valid else max(valid[one] for one in before)
            quarter += mass
            key = {"outlet": "1", "pollutant": pollutant, "month": month}
            problems += entry(entity, "outlet_month", key, "mass", str(mass.quantize(Decimal("0.01"))))(ledger, qz)
            problems += entry(entity, "permit_month", {"pollutant": pollutant, "month": month}, "actual",
                              str((mass / 1000).quantize(Decimal("0.0001"))), how="measured")(ledger, qz)
        key = {"outlet": "1", "pollutant": pollutant, "quarter": "2021-Q1"}
        return problems + entry(entity, "outlet_quarter", key, "mass", str((quarter / 1000).quantize(Decimal("0.0001"))))(ledger, qz)
    return check


def refused(job, *lines):
    """The job ends with 3, says just these problems in this order, and writes nothing."""
    def check(_, qz):
        with tempfile.TemporaryDirectory(prefix="traps-") as scratch:
            output = pathlib.Path(scratch) / "out"
            done = subprocess.run([qz, "run", str(CITY / job), "--output", str(output)], capture_output=True, text=True)
            problems = [] if done.returncode == 3 else [f"{job}: exit {done.returncode}, not 3"]
            if output.exists():
                problems.append(f"{job}: something was written")
        said = done.stderr.splitlines()
        if len(said) != len(lines):
            problems.append(f"{job}: {len(said)} lines, not {len(lines)}:\n{done.stderr}")
        for line, (place, *texts) in zip(said, lines):
            if f"/{place}: " not in line or any(text not in line for text in texts):
                problems.append(f"{job}: {line!r} is not {place} with {texts}")
        return problems
    return check


def generated():
    """The generator writes the very bytes that are here."""
    def check(*_):
        with tempfile.TemporaryDirectory(prefix="traps-") as scratch:
            copy = pathlib.Path(scratch)
            (copy / "as-received").mkdir()
            for script in ("generate.py", "market.py", "pollutants.py", "stacks.py"):
                shutil.copyfile(CITY / script, copy / script)
            subprocess.run([sys.executable, str(copy / "generate.py")], check=True)
            made = {path.relative_to(copy) for path in copy.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")}
            return [f"{name} comes out otherwise" for name in sorted(made)
                    if (copy / name).read_bytes() != (CITY / name).read_bytes()]
    return check
