"""Random histories of moves through `qz run` and the reference evaluator: the same positions, sums and refusals.

`registry.py --qz PATH --seeds 1..60 [--keep]` generates each seed: a pack of two or three instruments (booking, step,
states, roles, lots of a file or begun by the issuer, further columns) and some hundred moves, about one in seven of
them broken in one of many ways. Compared are the positions in the ledger, entries that sum flow and holding by
kind, state, lot and leg (quantity, value, cost), and code, severity and line of every finding.
"""

import csv
import datetime
import json
import random
import sys
from collections import defaultdict

from compare import each_seed, engine, entry_differences, flat, parser_of, reference, with_deep_stack

PACK = "rnd.registry"
HOLDERS = ["A", "B", "C", "D"]
COLUMNS = ["id", "date", "kind", "instrument", "lot", "from", "to", "quantity", "price", "ref", "seq", "for_year", "grade"]


class Instrument:
    """A random declaration, and what its formulas are."""

    def __init__(self, rng, name, filed):
        self.name, self.filed = name, filed
        self.step = rng.choice(["1", "1", "0.5", "0.001", "10"])
        self.booking = rng.choice(["fifo", "fifo", "average", "specific"])
        self.rounding = {"cost_round": {"decimals": rng.choice([0, 1, 2]), "mode": rng.choice(["half-up", "half-even", "down", "up"]),
                                        "cite": "x"}} if self.booking == "average" and rng.random() < 0.5 else {}
        self.states = ["available", "frozen", "pledged"][:rng.randint(1, 3)]
        self.lots = [f"{name}{n}" for n in range(1, rng.randint(1, 3) + 1)]
        self.moves = {"issue": {"from": "authority", "to": "entity"},
                      "auction": {"from": "authority", "to": "entity", "price": True},
                      "trade": {"from": "entity", "to": "entity", "price": True},
                      "give": {"from": "entity", "to": "entity"},
                      "surrender": {"from": "entity", "to": "surrendered",
                                    "columns": {"for_year": {"input": "text"}}},
                      "restore": {"from": "surrendered", "to": "entity"},
                      "void": {"from": "surrendered", "to": "cancelled"},
                      "return": {"from": "entity", "to": "authority"},
                      "cancel": {"from": "entity", "to": "cancelled", "validity": False, "columns": {
                          "grade": {"input": "number", "unit": "1", "min": "0", "max": "9", "optional": True}}}}
        for state in self.states[1:]:
            self.moves["to_" + state] = {"from": "entity", "to": "entity:" + state, "same": True}
            self.moves["from_" + state] = {"from": "entity:" + state, "to": "entity", "same": True}
        if "frozen" in self.states:
            self.moves["seize"] = {"from": "entity:frozen", "to": "cancelled", "validity": rng.random() < 0.5}
        if len(self.lots) > 1:
            self.moves["surrender"]["lots"] = self.lots[:-1]
        if rng.random() < 0.3:
            self.moves["to_entity"] = {"from": "entity", "to": "entity", "same": False}

    def declaration(self):
        lot = {"grade_of": {"input": "text"}, "valid_from": {"input": "date", "optional": True},
               "valid_to": {"input": "date", "optional": True}} if self.filed else ["vintage"]
        return {"unit": "t", "step": self.step, "price": "CNY/t", "booking": self.booking, **self.rounding, "lot": lot, "states": self.states,
                "roles": ["authority", "entity", "surrendered", "cancelled"], "moves": self.moves}

    def columns(self):
        """Reported sums over flow and holding that only this instrument goes into."""
        of = f'instrument = "{self.name}"'
        found = {}
        for measure, unit in (("quantity", "t"), ("value", "CNY"), ("cost", "CNY")):
            for kind in [*self.moves, "reverse"]:
                for leg in ("from", "to"):
                    found[f"{self.name}_{kind}_{leg}_{measure}"] = (
                        unit, f'sum(flow[{of} and kind = "{kind}" and leg = "{leg}"].{measure})')
        for state in self.states:
            for measure, unit in (("quantity", "t"), ("cost", "CNY")):
                found[f"{self.name}_{state}_{measure}"] = (unit, f'sum(holding[{of} and state = "{state}"].{measure})')
                found[f"{self.name}_{state}_flow_{measure}"] = (unit, f'sum(flow[{of} and state = "{state}"].{measure})')
        for lot in self.lots:
            found[f"{self.name}_{lot}_cost"] = ("CNY", f'sum(holding[{of} and lot = "{lot}"].cost)')
            mark = f'lot.vintage = "{lot}"' if not self.filed else f'lot.grade_of = "g{lot}"'
            found[f"{self.name}_{lot}_in"] = ("t", f"sum(flow[{of} and {mark} and date <= date(\"2022-06-30\")].quantity)")
        found[f"{self.name}_taken"] = ("t", f'-sum(flow[{of} and original_kind = "surrender"].quantity)')
        found[f"{self.name}_legs"] = ("1", f"count(flow[{of}])")
        made = {c: {"unit": unit, "formula": text, "round": 6, "report": True} for c, (unit, text) in found.items()}
        made[f"{self.name}_moves"] = {"formula": f"join(flow[{of}].move)", "report": True}
        made[f"{self.name}_others"] = {"formula": f"join(flow[{of}].counterparty)", "report": True}
        return made


class History:
    """Moves that are mostly possible, and some that are broken in one way."""

    def __init__(self, rng, instruments):
        self.rng, self.instruments = rng, instruments
        self.balances = defaultdict(int)            # (instrument, lot, role or holder, state) in steps
        self.arrived = defaultdict(list)            # (instrument, lot, holder) -> ids of moves
        self.moves, self.day = [], datetime.date(2022, 1, 1)
        self.begun = {i.name: [] for i in instruments}

    def text(self, instrument, steps):
        """So many steps, written with the decimals of a step."""
        whole, _, digits = instrument.step.partition(".")
        units = steps * int(whole + digits)
        if not digits:
            return str(units)
        return f"{units // 10 ** len(digits)}.{units % 10 ** len(digits):0{len(digits)}d}"

    def add(self):
        rng = self.rng
        self.day += datetime.timedelta(rng.choice([0, 0, 1, 2, 5]))
        instrument = rng.choice(self.instruments)
        move = dict.fromkeys(COLUMNS, "")
        move.update(id=str(len(self.moves) + 1), date=str(self.day), instrument=instrument.name, seq=str(rng.randint(1, 3)))
        if rng.random() < 0.2:
            move["date"] += rng.choice(["T09:30", "T14:00:05"])
        if self.moves and rng.random() < 0.12:
            self.reverse(move)
        else:
            self.plain(move, instrument)
        if rng.random() < 0.14:
            self.spoil(move, instrument)
        self.moves.append(move)

    def plain(self, move, instrument):
        rng = self.rng
        kind = rng.choice(["issue", "auction", "issue", *instrument.moves] + ["trade", "trade"] * 2)
        declared = instrument.moves[kind]
        lot = rng.choice(instrument.lots)
        if not instrument.filed and declared["from"] != "authority" and self.begun[instrument.name] and rng.random() < 0.95:
            lot = rng.choice(self.begun[instrument.name])
        sides = [declared[s].partition(":") for s in ("from", "to")]
        holder, other = rng.sample(HOLDERS[:3], 2)
        held = [h for h in HOLDERS[:3] if self.balances[self.account(instrument, lot, sides[0], h)]]
        if held and rng.random() < 0.9:
            holder = rng.choice(held)
            other = rng.choice([h for h in HOLDERS[:3] if h != holder] + [holder] * (rng.random() < 0.1))
        if declared.get("same"):
            other = holder
        taker = other if sides[0][0] == "entity" else holder
        giver = self.account(instrument, lot, sides[0], holder)
        most = self.balances[giver] if sides[0][0] != "authority" else 200
        steps = rng.randint(1, max(1, most)) if rng.random() < 0.9 else max(1, most)
        move.update(kind=kind, lot=lot, quantity=self.text(instrument, steps))
        move["from"] = holder if sides[0][0] == "entity" else rng.choice(["", "", sides[0][0]])
        move["to"] = taker if sides[1][0] == "entity" else rng.choice(["", "", sides[1][0]])
        if "entity" not in (sides[0][0], sides[1][0]):
            move[rng.choice(["from", "to"])] = holder
        if declared.get("same") and rng.random() < 0.5:
            move["to"] = ""
        if declared.get("price"):
            move["price"] = rng.choice(["50", "61.25", "0", "7.3", "1e1"])
        for column, content in declared.get("columns", {}).items():
            move[column] = rng.choice(["2021", "2022"]) if content["input"] == "text" else rng.choice(["", "3", "9"])
        bought = self.arrived[instrument.name, lot, holder]
        if instrument.booking == "specific" and sides[0][0] == "entity" and bought:
            move["ref"] = rng.choice(bought)
        if sides[0][0] == "authority" and lot not in self.begun[instrument.name]:
            self.begun[instrument.name].append(lot)
        self.note(move, instrument, lot, giver, self.account(instrument, lot, sides[1], taker), taker, steps)

    def note(self, move, instrument, lot, giver, taker, holder, steps):
        """What the move would do, roughly: only so that later moves are mostly possible."""
        if giver[2] != "authority":
            self.balances[giver] = max(0, self.balances[giver] - steps)
        self.balances[taker] += steps
        if not instrument.moves[move["kind"]].get("same"):
            self.arrived[instrument.name, lot, holder].append(move["id"])

    @staticmethod
    def account(instrument, lot, side, holder):
        if side[0] == "authority":
            return instrument.name, lot, "authority", ""
        return instrument.name, lot, holder, side[2] or instrument.states[0] if side[0] == "entity" else side[0]

    def reverse(self, move):
        rng = self.rng
        old = rng.choice(self.moves[-25:])
        move.update(kind="reverse", instrument=old["instrument"], ref=old["id"])
        instrument = next((i for i in self.instruments if i.name == old["instrument"]), self.instruments[0])
        for column in ("lot", "from", "to"):
            move[column] = rng.choice(["", old[column]])
        for column in ("for_year", "grade"):
            move[column] = old[column]
        if rng.random() < 0.6:
            move["quantity"] = rng.choice([old["quantity"], self.text(instrument, rng.randint(1, 30))])

    def spoil(self, move, instrument):
        """One thing is wrong."""
        rng = self.rng
        ways = {
            "lacks": lambda: move.update({rng.choice(["id", "date", "kind", "instrument", "quantity"]): ""}),
            "twice": lambda: move.update(id=rng.choice(self.moves)["id"] if self.moves else "1", seq=str(9 + len(self.moves))),
            "instrument": lambda: move.update(instrument="NONE"),
            "kind": lambda: move.update(kind="nothing"),
            "account": lambda: move.update({rng.choice(["from", "to"]): "Z"}),
            "lot": lambda: move.update(lot=rng.choice(["", "no-lot", *instrument.lots])),
            "side": lambda: move.update({rng.choice(["from", "to"]): rng.choice(["", *HOLDERS, "surrendered"])}),
            "quantity": lambda: move.update(quantity=rng.choice(["0", "-1", "0.0001", "1.5", "99999999"])),
            "price": lambda: move.update(price=rng.choice(["", "5", "-5"])),
            "column": lambda: move.update({rng.choice(["for_year", "grade"]): rng.choice(["", "8", "12"])}),
            "ref": lambda: move.update(ref=rng.choice(["", "77777", str(rng.randint(1, 60))])),
            "day": lambda: move.update(date=str(self.day - datetime.timedelta(rng.randint(1, 90)))),
        }
        ways[rng.choice(list(ways))]()


def write(seed, folder):
    """The files of a seed: factors/ and job/."""
    rng = random.Random(seed)
    filed = rng.random() < 0.5
    instruments = [Instrument(rng, name, filed) for name in ("P", "Q", "R")[:rng.randint(2, 3)]]
    columns = {c: m for i in instruments for c, m in i.columns().items()}
    pack = {"pack": PACK, "version": "1", "title": {"en": "Random registry", "zh": "随机登记簿"}, "applies": {"from": "2000-01-01"},
            "instruments": {i.name: i.declaration() for i in instruments},
            "tables": {"entity": {"key": ["entity"], "columns": {"name": {"input": "text", "optional": True}}},
                       "entity_sum": {"key": ["entity", "year"], "columns": columns}}}
    (folder / "factors" / "packs" / PACK).mkdir(parents=True)
    (folder / "factors" / "packs" / PACK / "1.json").write_text(json.dumps(pack, ensure_ascii=False, indent=1), encoding="utf-8")
    history = History(rng, instruments)
    for _ in range(rng.choice([20, 80, 80, 200])):
        history.add()
    if rng.random() < 0.3:
        rng.shuffle(history.moves)
    open_holders = rng.random() < 0.15
    job = {"job": "random", "cycle": {"id": "c", "years": ["2022"]}, "packs": [PACK], "registry": "moves.csv",
           "as_of": rng.choice(["2022-12-31", "2022-12-31", "2022-04-30"]),
           "tables": {"entity": "entity.csv", "entity_sum": "sums.csv"}}
    if open_holders:                            # then any id has accounts
        del job["tables"]["entity"]
    (folder / "job").mkdir()
    tables = {"entity": [["entity"], *[[h] for h in HOLDERS]],
              "sums": [["entity", "year"], *[[h, "2022"] for h in HOLDERS]],
              "moves": [COLUMNS, *[[m[c] for c in COLUMNS] for m in history.moves]]}
    if filed:
        job["tables"]["lot"] = "lots.csv"
        tables["lots"] = [["instrument", "lot", "grade_of", "valid_from", "valid_to"]] + [
            [i.name, lot, "g" + lot, rng.choice(["", "2022-01-20"]), rng.choice(["", "2022-03-01"])]
            for i in instruments for lot in i.lots]
    for name, rows in tables.items():
        with (folder / "job" / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
    (folder / "job" / "job.json").write_text(json.dumps(job, indent=1), encoding="utf-8")


def positions(result):
    return {(e["entity"], p["instrument"], p["lot"], p["state"]): (p["quantity"], p["unit"])
            for e in result["entities"] for p in e["positions"]}


def findings(result):
    """{(code, severity, line): how many}."""
    found = defaultdict(int)
    for section in [result, *result["entities"]]:
        for one in section["findings"]:
            found[one["code"], one["severity"], one.get("line")] += 1
    return found


def unlike(one, other, what, most):
    lines = [f"  {what} {place}: the reference {one.get(place)}, qz {other.get(place)}"
             for place in sorted(set(one) | set(other), key=str) if one.get(place) != other.get(place)]
    return lines[:most] + ([f"  … {len(lines) - most} more"] if len(lines) > most else [])


def compare_seed(seed, folder, options):
    write(seed, folder)
    kind, result = reference(folder)
    if kind == "pack":
        return [f"  the random pack does not load: {result}"]
    if options.qz is None:
        return []
    other_kind, other = engine(options.qz, folder)
    if kind != other_kind or kind != "done":
        return [f"  the reference: {kind} {result if kind != 'done' else ''}", f"  qz: {other_kind} {other if other_kind != 'done' else ''}"]
    lines = unlike(findings(result[0]), findings(other), "finding", options.most)
    lines += unlike(positions(result[0]), positions(other), "position", options.most)
    one, two = flat(result[0]), flat(other)
    places = sorted(p for p in set(one) | set(two) if one.get(p) != two.get(p))
    return lines + entry_differences(one, two, places, options.most)


def main():
    return each_seed(parser_of(__doc__).parse_args(), compare_seed)


if __name__ == "__main__":
    sys.exit(with_deep_stack(main))
