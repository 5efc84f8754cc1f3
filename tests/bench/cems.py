"""A year of hourly monitoring: writes a job of many outlets for cn.pollutant.measured, runs it, compares every quarter
with a calculation of its own, and prints hours a second, processor time and the most private memory.

    python3 tests/bench/cems.py --qz build/release/qz [--outlets 200] [--rounds 1] [--work build/bench-work] [--check 200]

The outlets differ: most have short invalid runs, some a long one, a quarter between 75 and 90 % (one in it exactly at
75 %), a quarter below 75 %, a source that stands for weeks, hours out of control after a calibration, absent rows, and
an invalid run across New Year, for which the hours of the last quarter of the year before are given as context. The
calculation here goes row by row over plain integers; `--check` says for how many outlets.
"""

import argparse
import datetime
import json
import pathlib
import shutil
import sys
from fractions import Fraction

import make_job
import measured

YEAR = 2022
FIRST = datetime.datetime(YEAR, 1, 1)
HOURS = 8760
BEFORE = 92 * 24            # hours of the last quarter of the year before
KINDS = ("short", "long", "three_quarters", "below", "stopped", "control", "absent", "new_year")
QUARTER_STARTS = [(datetime.datetime(YEAR, m, 1) - FIRST) // datetime.timedelta(hours=1) for m in (1, 4, 7, 10)] + [HOURS]


def stamp(hour):
    return (FIRST + datetime.timedelta(hours=hour)).strftime("%Y-%m-%dT%H")


class Outlet:
    """Hours from -BEFORE (where it has any before the year) to 8760: (mark, calibrated, concentration in 1/100 mg, flow)."""

    def __init__(self, index):
        self.name = f"{index:04d}"
        self.kind = KINDS[index % len(KINDS)]
        draw = make_job.numbers(1000 + index)
        self.first = -BEFORE if self.kind == "new_year" else 0
        self.hours = {}
        for hour in range(self.first, HOURS):
            self.hours[hour] = ["valid", hour % 168 == 0, 500 + next(draw) % 9000, 100_000 + next(draw) % 900_000]
        self.spoil(draw)
        self.generated = f"{next(draw) % 1000}.{next(draw) % 10}"

    def mark(self, begin, length, state):
        for hour in range(begin, min(begin + length, HOURS)):
            self.hours[hour][0] = state

    def spoil(self, draw):
        start = QUARTER_STARTS[1]
        for _ in range(40):                 # nothing invalid in the first quarter: it is what others are taken from
            self.mark(start + next(draw) % (HOURS - start), 1 + next(draw) % 5, "other")
        quarter, length = QUARTER_STARTS[2], QUARTER_STARTS[3] - QUARTER_STARTS[2]
        if self.kind == "long":
            self.mark(start + 100, 25, "other")
            self.mark(start + 1000, 150, "other")
        elif self.kind == "three_quarters":
            self.mark(quarter, length, "valid")
            self.mark(quarter + 100, length // 4, "other")          # exactly 75 %
        elif self.kind == "below":
            self.mark(quarter + 100, length // 4 + 1, "other")
        elif self.kind == "stopped":
            self.mark(quarter + 100, 600, "stopped")
        elif self.kind == "control":
            self.mark(start + 500, 20, "out_of_control")
        elif self.kind == "absent":
            self.mark(start + 700, 30, "absent")
        elif self.kind == "new_year":
            self.mark(-10, 20, "other")

    def rows(self):
        """Of the year, as the file has them; and of the year before, as its ledger would."""
        for hour, (state, calibrated, concentration, flow) in self.hours.items():
            if hour < 0 or state == "absent":
                continue
            mark = {"valid": "", "other": "faulty"}.get(state, state)
            yield (f"E{int(self.name) % 50:02d},{self.name},NOx,{stamp(hour)},{concentration // 100}.{concentration % 100:02d},"
                   f"{flow},11.5,{60 if state == 'valid' else 20},{mark},{'true' if calibrated and state == 'valid' else ''}\n")

    def before(self):
        for hour in range(self.first, 0):
            state, calibrated, concentration, flow = self.hours[hour]
            mass = "" if state != "valid" else exact(Fraction(concentration * flow, 10**8))
            yield (f"E{int(self.name) % 50:02d},{self.name},NOx,{stamp(hour)},{state},{mass},"
                   f"{'true' if calibrated and state == 'valid' else ''}\n")

    def quarters(self):
        """Mass in kg of each quarter, by the rule, hour by hour; "below" has what was generated."""
        masses, valid, out = {}, [], []
        for hour, (state, _, concentration, flow) in self.hours.items():
            if state == "valid":
                masses[hour] = concentration * flow            # in 1/100 mg
                valid.append(hour)
        invalid = ("other", "out_of_control", "absent")
        for begin, end in zip(QUARTER_STARTS, QUARTER_STARTS[1:]):
            states = [self.hours[h][0] for h in range(begin, end)]
            stopped, bad = states.count("stopped"), sum(states.count(s) for s in invalid)
            capture = Fraction(end - begin - bad - stopped, end - begin - stopped)
            if capture < Fraction(3, 4):
                out.append(Fraction(self.generated) * 1000)
                continue
            total = 0
            for hour in range(begin, end):
                state = self.hours[hour][0]
                if state == "valid":
                    total += masses[hour]
                elif state in invalid:
                    total += self.substitute(hour, state, capture, masses, valid)
            out.append(Fraction(total, 10**8))
        return out

    def substitute(self, hour, state, capture, masses, valid):
        if capture < Fraction(9, 10):
            wanted = 2160
        else:
            low = high = hour
            while low - 1 >= self.first and self.hours[low - 1][0] != "valid":
                low -= 1
            while high + 1 < HOURS and self.hours[high + 1][0] != "valid":
                high += 1
            run = sum(1 for h in range(low, high + 1) if self.hours[h][0] != "stopped")
            wanted = 180 if run <= 24 else 720
        anchor = hour
        if state == "out_of_control":
            anchor = max(h for h in range(self.first, hour) if self.hours[h][1] and self.hours[h][0] == "valid")
        pool = [h for h in valid if h < anchor][-wanted:]
        assert len(pool) == wanted
        return max(masses[h] for h in pool)


def exact(value):
    """A fraction of a power of ten as a decimal text."""
    digits = str(value.numerator * 10**8 // value.denominator).rjust(9, "0")
    return f"{digits[:-8]}.{digits[-8:]}"


def make(outlets, folder):
    folder.mkdir(parents=True, exist_ok=True)
    made = [Outlet(i) for i in range(outlets)]
    with open(folder / "hours.csv", "w", encoding="utf-8") as hours, open(folder / "before.csv", "w", encoding="utf-8") as before:
        hours.write("entity,outlet,pollutant,hour,concentration,flow,oxygen,minutes,mark,calibrated\n")
        before.write("entity,outlet,pollutant,hour,state,measured,calibrated\n")
        for outlet in made:
            hours.writelines(outlet.rows())
            before.writelines(outlet.before())
    with open(folder / "outlets.csv", "w", encoding="utf-8") as file:
        file.write("entity,outlet,pollutant,required,oxygen_base\n")
        file.writelines(f"E{int(o.name) % 50:02d},{o.name},NOx,true,6\n" for o in made)
    with open(folder / "quarters.csv", "w", encoding="utf-8") as file:
        file.write("entity,outlet,pollutant,quarter,generated\n")
        file.writelines(f"E{int(o.name) % 50:02d},{o.name},NOx,{YEAR}-Q3,{o.generated}\n" for o in made if o.kind == "below")
    job = {"job": "cems", "cycle": {"id": "c", "years": [str(YEAR)]}, "packs": ["cn.pollutant.measured"],
           "tables": {"outlet_hour": "hours.csv", "outlet_pollutant": "outlets.csv", "outlet_quarter": "quarters.csv"},
           "context": {"outlet_hour": "before.csv"}}
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
    return folder / "job.json", made



def show(value):
    scaled = value * 10**4
    whole = scaled.numerator // scaled.denominator
    rest = scaled - whole
    if rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2):
        whole += 1
    return f"{whole // 10**4}.{whole % 10**4:04d}"


def compare(ledger, made):
    """Lines about quarters that differ."""
    found = {}
    for entity in json.loads(ledger.read_text(encoding="utf-8"))["entities"]:
        for one in entity["entries"]:
            if one["table"] == "outlet_quarter" and one["column"] == "mass":
                found[one["key"]["outlet"], one["key"]["quarter"]] = one["value"]
    wrong = []
    for outlet in made:
        for q, mass in enumerate(outlet.quarters(), 1):
            theirs, ours = found.get((outlet.name, f"{YEAR}-Q{q}")), show(mass / 1000)
            if theirs != ours:
                wrong.append(f"outlet {outlet.name} ({outlet.kind}) {YEAR}-Q{q}: {theirs}, not {ours}")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--qz", required=True)
    parser.add_argument("--outlets", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--check", type=int, default=200, help="outlets that are calculated here too")
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("build/bench-work"))
    options = parser.parse_args()
    folder = options.work / "cems"
    shutil.rmtree(folder, ignore_errors=True)
    job, made = make(options.outlets, folder)
    command = [options.qz, "run", job, "--output", folder / "out", "--threads", str(options.threads), "--fail-on", "error"]
    runs = measured.Runs([measured.run(command) for _ in range(options.rounds)])
    if any(run.exit not in (0, 1) for run in runs.runs):
        sys.exit(f"qz: exit {runs.runs[0].exit}")
    wrong = compare(folder / "out/ledger.json", made[:options.check])
    if wrong:
        sys.exit("\n".join([f"{len(wrong)} quarters differ", *wrong[:10]]))
    figures = runs.summary()
    hours = sum(1 for outlet in made for hour in outlet.hours if hour >= 0)
    print(json.dumps({"hours": hours, "outlets": len(made), "quarters_checked": 4 * len(made[:options.check]), **figures,
                      "hours_per_s": round(hours / figures["seconds"])}))


if __name__ == "__main__":
    main()
