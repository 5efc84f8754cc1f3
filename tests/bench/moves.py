"""Registry moves: writes jobs of generated moves and the same transactions as journals of the plain-text accounting
tool `ledger`, runs both in turns and prints moves a second, their ratio and the most private memory.

    python3 tests/bench/moves.py --qz build/release/qz [--moves 1000000] [--accounts 10000] [--transactions 10000]
        [--rounds 3] [--work build/bench-work]

qz runs twice: `positions` are sealed by a pack that declares the instrument and nothing else, `flow` has formulas that
read every leg. `ledger` runs on two journals. `priced` has what moves.csv has: each trade with its price. `bare` is the
least that gives the same balances, without any price, and is the harder one to beat. The journals are shorter, as `ledger`
needs seconds for what takes qz milliseconds, and have as many transactions for each account; over as many accounts as
qz has, `ledger` is slower still. Before any time is told, the positions of qz are compared, all of them, with those that
the generator kept in plain integers.
"""

import argparse
import datetime
import json
import pathlib
import shutil

import make_job
import measured

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
COLUMNS = "id,date,kind,instrument,lot,from,to,quantity,price,ref\n"
LOTS = ("2021", "2022")


class History:
    """Moves that never overdraw, made one after the other from one sequence of numbers."""

    def __init__(self, moves, accounts):
        self.names = [f"E{i:05d}" for i in range(accounts)]
        self.available, self.frozen = {}, {}
        self.moves = moves
        self.draw = make_job.numbers(20231231)

    def shift(self, kind, lot, giver, taker, quantity):
        held = self.available
        if kind in ("trade", "surrender", "freeze"):
            held[giver, lot] -= quantity
        if kind in ("issue", "trade", "release"):
            held[taker, lot] = held.get((taker, lot), 0) + quantity
        if kind == "freeze":
            self.frozen[giver, lot] = self.frozen.get((giver, lot), 0) + quantity
        if kind == "release":
            self.frozen[giver, lot] -= quantity

    def choose(self):
        """One move: kind, lot, giver, taker, quantity, price."""
        draw = self.draw
        lot, giver = LOTS[next(draw) % 2], self.names[next(draw) % len(self.names)]
        chance, much = next(draw) % 100, next(draw)
        held, locked = self.available.get((giver, lot), 0), self.frozen.get((giver, lot), 0)
        if chance < 10 and locked:
            return "release", lot, giver, giver, 1 + much % locked, ""
        if held < 100:
            return "issue", lot, "", giver, 1000 + much % 100_000, ""
        part = 1 + much % max(1, held // 4)
        if chance < 65:
            taker = self.names[next(draw) % len(self.names)]
            if taker == giver:
                taker = self.names[self.names.index(giver) - 1]
            return "trade", lot, giver, taker, part, f"{40 + much % 50}.{much // 50 % 100:02d}"
        if chance < 80:
            return "freeze", lot, giver, giver, part, ""
        return "surrender", lot, giver, "", part, ""

    def rows(self):
        """id, date, kind, lot, giver, taker, quantity, price, ref; one move in a hundred is taken back at once."""
        first, last = datetime.date(2022, 1, 1), None
        day = {d: (first + datetime.timedelta(days=d)).isoformat() for d in range(365)}
        for i in range(self.moves):
            date = day[i * 365 // self.moves]
            if last and last[0] == "surrender" and i % 10 == 0:
                kind, lot, giver, taker, quantity = last
                self.available[giver, lot] += quantity
                yield i + 1, date, "reverse", lot, giver, taker, quantity, "", i
                last = None
                continue
            kind, lot, giver, taker, quantity, price = self.choose()
            self.shift(kind, lot, giver, taker, quantity)
            yield i + 1, date, kind, lot, giver, taker, quantity, price, ""
            last = (kind, lot, giver, taker, quantity)

    def positions(self):
        return {(name, lot, state): quantity for state, held in (("available", self.available), ("frozen", self.frozen))
                for (name, lot), quantity in held.items() if quantity}


def make(moves, accounts, folder):
    """The files of two jobs of moves; beside them positions.json, what the generator holds at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    history = History(moves, accounts)
    with open(folder / "moves.csv", "w", encoding="ascii", newline="") as out:
        out.write(COLUMNS)
        for number, date, kind, lot, giver, taker, quantity, price, ref in history.rows():
            giver, taker = ("", "") if kind == "reverse" else (giver, taker)
            out.write(f"{number},{date},{kind},PERMIT,{lot},{giver},{taker},{'' if ref else quantity},{price},{ref}\n")
    (folder / "entity.csv").write_text("entity\n" + "".join(f"{name}\n" for name in history.names), encoding="ascii")
    (folder / "entity_year.csv").write_text("entity,year\n" + "".join(f"{name},2022\n" for name in history.names), encoding="ascii")
    kept = sorted([*key, str(quantity)] for key, quantity in history.positions().items())
    (folder / "positions.json").write_text(json.dumps(kept), encoding="ascii")
    job = {"job": f"moves-{moves}", "cycle": {"id": "2022", "years": ["2022"]}, "as_of": "2022-12-31", "packs": ["bench.registry"],
           "tables": {"entity": "entity.csv", "entity_year": "entity_year.csv"}, "registry": "moves.csv"}
    (folder / "flow.json").write_text(json.dumps(job, indent=2) + "\n", encoding="utf-8")
    job |= {"packs": ["bench.positions"], "tables": {"entity": "entity.csv"}}
    (folder / "positions-only.json").write_text(json.dumps(job, indent=2) + "\n", encoding="utf-8")


def journal(moves, accounts, path, priced):
    """The same moves as transactions of two postings; a lot is a commodity."""
    def account(kind, holder, side):
        state = {"freeze": ("available", "frozen"), "release": ("frozen", "available")}.get(kind, ("available", "available"))[side]
        return f"Entity:{holder}:{state}" if holder else "Authority" if side == 0 else "Surrendered"

    with open(path, "w", encoding="ascii", newline="") as out:
        for number, date, kind, lot, giver, taker, quantity, price, _ in History(moves, accounts).rows():
            sides = [account("surrender" if kind == "reverse" else kind, giver, 0), account(kind, taker, 1)]
            if kind == "reverse":
                sides.reverse()
            name = ("PA" if lot == LOTS[0] else "PB") + (f" @ {price} CNY" if price and priced else "")
            out.write(f"{date.replace('-', '/')} ({number}) {kind}\n    {sides[1]}  {quantity} {name}\n    {sides[0]}  -{quantity} {name}\n\n")
    return path


def differences(ledger, folder):
    """How many positions of the ledger are not those that the generator kept."""
    kept = {tuple(one) for one in json.loads((folder / "positions.json").read_text(encoding="ascii"))}
    sealed = json.loads(ledger.read_text(encoding="utf-8"))
    told = {(entity["entity"], one["lot"], one["state"], one["quantity"]) for entity in sealed["entities"]
            for one in entity.get("positions", [])}
    return len(kept ^ told), len(kept)


def measure(qz, work, moves, accounts, transactions, rounds, threads, say):
    """Results of both programs; of qz alone where `ledger` is not installed."""
    folder = work / f"moves-{moves}-{accounts}"
    if not (folder / "positions-only.json").exists():
        say(f"writing {moves} moves")
        make(moves, accounts, folder)
    commands, count = {}, {}
    for name in ("positions-only", "flow"):
        out = work / f"moves-out-{name}"
        commands[f"qz {name}"] = ([qz, "run", folder / f"{name}.json", "--output", out, "--factors", HERE / "factors",
                                   "--threads", threads], None)
        count[f"qz {name}"] = moves
    program = shutil.which("ledger")
    if program is None:
        say("ledger is not installed (apt-get install ledger): qz runs alone, there is no ratio")
    for name in ("bare", "priced") if program else ():
        text = journal(transactions, max(1, accounts * transactions // moves), work / f"{name}-{transactions}.journal", name == "priced")
        commands[f"ledger {name}"] = ([program, "--init-file", "/dev/null", "-f", text, "balance"], None)
        count[f"ledger {name}"] = transactions
    results = []
    for name, runs in measured.round_robin(commands, rounds).items():
        one = {"program": name, **runs.summary(), "rows": count[name]}
        one["rows_a_second"] = round(count[name] / one["seconds"])
        one["rows_a_cpu_second"] = round(count[name] / one["cpu_seconds"])
        if name.startswith("qz"):
            out = work / f"moves-out-{name.split()[1]}"
            wrong, positions = differences(out / "ledger.json", folder)
            one |= {"positions": positions, "wrong_positions": wrong}
        results.append(one)
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--qz", type=pathlib.Path, default=ROOT / "build/release/qz")
    parser.add_argument("--moves", type=int, default=1_000_000)
    parser.add_argument("--accounts", type=int, default=10_000)
    parser.add_argument("--transactions", type=int, default=10_000, help="of the journal")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", default="2")
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "build/bench-work")
    of = parser.parse_args()
    of.work.mkdir(parents=True, exist_ok=True)
    results = measure(of.qz.resolve(), of.work, of.moves, of.accounts, of.transactions, of.rounds, of.threads, print)
    for one in results:
        print(f"{one['program']:18} {one['rows']:9,} moves  {one['seconds']:7.3f} s  {one['cpu_seconds']:7.3f} s of processor  "
              f"{one['rows_a_cpu_second']:9,} moves a second of processor  {one['private_mib']:7.1f} MiB")
    for one in results:
        if one["program"].startswith("qz"):
            print(f"{one['program']}: {one['positions']:,} positions, {one['wrong_positions']} wrong")
            for other in results:
                if other["program"].startswith("ledger"):
                    print(f"    {one['rows_a_second'] / other['rows_a_second']:.1f} times {other['program']} by time, "
                          f"{one['rows_a_cpu_second'] / other['rows_a_cpu_second']:.1f} times by processor time")


if __name__ == "__main__":
    main()
