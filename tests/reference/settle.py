"""Moves to balances, lots and costs by double entry, and from them flow, holding and positions
(rule-language §11). One dictionary of balances, one rule after another; a refused move leaves no trace.
"""

import re
from collections import defaultdict
from fractions import Fraction

import exact
import instruments
import periods
import reading
from rows import Row
from values import NA, Err, Problem

OWN = ("id", "date", "kind", "instrument", "lot", "from", "to", "quantity", "price", "ref", "seq")
TIME = re.compile(r"([0-1][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?\Z")
REVERSE = "reverse"


class Refusal(Exception):
    """This move is refused, alone."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Move:
    """One record as it was read; quantity and price are fractions in base units, or None."""

    def __init__(self, file, line, text):
        self.file, self.line = file, line
        self.text = text
        self.day = self.time = self.quantity = self.price = self.seq = None
        self.giver = self.taker = None          # accounts, once posted
        self.back = Fraction(0)                 # how much of it was taken back
        self.gone = self.come = ()              # pieces that left the giver, that came to the taker
        self.values = {}                        # further columns, as cells
        self.aside = []                         # columns that the kind does not declare

    def order(self):
        return self.day, self.time, self.seq or 0, len(self.text["id"].encode()), self.text["id"].encode(), self.line


def read(run, records, file):
    """(moves, problems): a number or date that is none refuses the job, all else is left to posting."""
    units_given, columns, problems, moves = {}, [], [], []
    further = {c for d in run.world.instruments.values() for m in d.get("moves", {}).values() for c in m.get("columns", {})}
    for heading in records.headings:
        bracket = reading.HEADING.match(heading)
        name = bracket[1] if bracket else heading
        if name not in OWN and name not in further:
            problems.append(f"{file}:1: {name}: unknown column")
        if bracket:
            units_given[name] = run.world.library.units.parse(bracket[2])
        columns.append(name)
    for line, cells in records.rows:
        move = Move(file, line, {**dict.fromkeys(OWN, ""), **dict(zip(columns, (c.strip(" \t") for c in cells)))})
        problems += [f"{file}:{line}: {p}" for p in understand(run, move, units_given)]
        moves.append(move)
    return moves, problems


def understand(run, move, given):
    """Dates and numbers of a move; yields what is malformed."""
    day, mark, time = move.text["date"].partition("T")
    if day:
        move.day, move.time = periods.parse_date(day), (time + ":00")[:8] if mark else "00:00:00"
        if move.day is None or mark and not TIME.match(time):
            yield f"date: {move.text['date']}"
    for column in ("quantity", "price", "seq"):
        if not move.text[column]:
            continue
        figure, why = exact.parse(move.text[column])
        if figure is None:
            yield f"{column}: {why}"
            continue
        if column != "seq":
            unit = given.get(column)
            if unit is None and move.text["instrument"] in run.world.instruments:
                unit = instruments.unit_of(run.world, move.text["instrument"], column)
            figure *= unit.ratio if unit else 1
        setattr(move, column, figure)


class Books:
    """What is posted so far."""

    def __init__(self, run, holders, lots):
        self.run, self.holders = run, holders       # None: any id is a holder
        self.listed = lots                          # None: a lot begins with the issuer's first move
        self.begun = set()
        self.balances = defaultdict(Fraction)       # (instrument, role, holder, state, lot)
        self.pieces = defaultdict(dict)             # account -> {(order, purchase, cost of one): quantity}
        self.pools = defaultdict(Fraction)          # account -> cost, where booking is average
        self.posted, self.seen = {}, set()
        self.legs, self.refused = [], []            # (move, leg, account, other, quantity, cost); (move, code)

    def post(self, moves, as_of):
        """Every move of the file in its order; returns how many lie after the day."""
        whole = [m for m in moves if m.day is not None]
        self.refused += [(m, "move-incomplete") for m in moves if m.day is None]
        for move in sorted((m for m in whole if m.day <= as_of), key=Move.order):
            try:
                self._one(move)
            except Refusal as refusal:
                self.refused.append((move, refusal.code))
            self.seen.add(move.text["id"])
        return sum(m.day > as_of for m in whole)

    def _one(self, move):
        text = move.text
        if not complete(move):
            raise Refusal("move-incomplete")
        if text["id"] in self.seen:
            raise Refusal("move-duplicate-id")
        if text["kind"] == REVERSE:
            self._reverse(move)
            return
        declaration = self.run.world.instruments.get(text["instrument"])
        if declaration is None:
            raise Refusal("move-unknown-instrument")
        kind = declaration["moves"].get(text["kind"])
        if kind is None:
            raise Refusal("move-unknown-kind")
        if not text["quantity"]:
            raise Refusal("move-incomplete")
        self._plain(move, declaration, kind)

    def _plain(self, move, declaration, kind):
        text = move.text
        giver, taker = self._sides(move, declaration, kind)
        self._quantity(move, declaration, move.quantity)
        if bool(kind.get("price")) != (text["price"] != "") or move.price is not None and move.price < 0:
            raise Refusal("move-wrong-price")
        self._lot(move, declaration, kind, giver)
        self._columns(move, kind)
        self._move(move, declaration, giver, taker)

    def _sides(self, move, declaration, kind):
        """The two accounts (§11, Accounts and States)."""
        spec = [kind[s].partition(":") for s in ("from", "to")]
        written = [move.text["from"], move.text["to"]]
        roles = [s[0] for s in spec]
        holders = []
        for index, (role, name) in enumerate(zip(roles, written)):
            if role == "entity" and not name and not (index and kind.get("same")):
                raise Refusal("move-wrong-account")
            if role != "entity" and name in ("", role) or not name:
                continue
            if role != "entity" and "entity" in roles:
                raise Refusal("move-wrong-account")
            if role == "entity":
                self._known(name)
            holders.append(name)
        if ("entity" not in roles or kind.get("same")) and len(set(holders)) > 1:
            raise Refusal("move-wrong-account")
        for name in holders:
            self._known(name)
        if kind.get("same"):
            written[1] = written[0]
        issuer, first = declaration["roles"][0], declaration.get("states", ["available"])[0]
        found, holder = [], holders[0] if holders else ""
        for index, (role, _, state) in enumerate(spec):
            if role == "entity":
                found.append((move.text["instrument"], role, written[index], state or first, move.text["lot"]))
            else:
                found.append((move.text["instrument"], role, "" if role == issuer else holder, "", move.text["lot"]))
        return found

    def _known(self, name):
        if self.holders is not None and name not in self.holders:
            raise Refusal("move-unknown-account")

    def _quantity(self, move, declaration, quantity):
        step = exact.parse(str(declaration["step"]))[0] * self._ratio(move)
        if quantity <= 0 or (quantity / step).denominator != 1:
            raise Refusal("move-wrong-quantity")

    def _ratio(self, move):
        return instruments.unit_of(self.run.world, move.text["instrument"], "quantity").ratio

    def _lot(self, move, declaration, kind, giver):
        key = (move.text["instrument"], move.text["lot"])
        known = self.begun if self.listed is None else self.listed
        if not key[1] or key not in known and not (self.listed is None and giver[1] == declaration["roles"][0]):
            raise Refusal("move-unknown-lot")
        if "lots" in kind and key[1] not in kind["lots"]:
            raise Refusal("move-wrong-lot")
        if kind.get("validity", True):
            self._validity(move, key)

    def _validity(self, move, key):
        row = self.run.data["lot"].get(key)
        first, last = (row.cells.get(c) if row else None for c in ("valid_from", "valid_to"))
        if first and move.day < first.value or last and move.day > last.value:
            raise Refusal("move-outside-validity")

    def _columns(self, move, kind):
        declared = kind.get("columns", {})
        flow = reading.Reader(self.run, "flow")
        for name, text in move.text.items():
            if name in OWN:
                continue
            if name not in declared:
                move.aside += [name] * (text != "")
                continue
            if not text:
                if not declared[name].get("optional"):
                    raise Refusal("move-wrong-value")
                continue
            made = next(iter(flow.table.columns[name].values()))
            cell = flow._value(made, self.run.world.type_of("flow", name), text, None)
            if isinstance(cell.value, Err):
                raise Refusal("move-wrong-value")
            move.values[name] = cell

    def _move(self, move, declaration, giver, taker):
        if giver == taker:
            raise Refusal("move-wrong-account")
        booking, quantity = declaration.get("booking", "fifo"), move.quantity
        issuer = giver[1] == declaration["roles"][0]
        if not issuer and self.balances[giver] < quantity:
            raise Refusal("move-overdraft")
        move.gone = self._leave(giver, quantity, booking, move.text["ref"], move.text["instrument"])
        kept = giver[1] == taker[1] == "entity" and giver[2] == taker[2] and move.price is None
        one = (move.price or 0) if taker[1] == "entity" else 0
        move.come = move.gone if kept else [((len(self.posted), move.text["id"], Fraction(one)), quantity)]
        self._arrive(taker, move.come, booking)
        self._book(move, giver, taker, quantity, cost_of(move.gone), cost_of(move.come))
        move.giver, move.taker = giver, taker
        move.cost = {"gone": cost_of(move.gone), "come": cost_of(move.come)}
        self.posted[move.text["id"]] = move
        self.begun.add((move.text["instrument"], move.text["lot"]))

    def _book(self, move, giver, taker, quantity, left, came):
        self.balances[giver] -= quantity
        self.balances[taker] += quantity
        self.legs += [(move, "from", giver, taker, -quantity, -left), (move, "to", taker, giver, quantity, came)]

    def _rounded(self, instrument, cost):
        """By the rule that the instrument declares for what leaves an average pool, in its money."""
        declaration = self.run.world.instruments[instrument]
        rule = declaration.get("cost_round")
        if rule is None:
            return cost
        money = self.run.world.library.units.parse(re.split("[*/]", declaration["price"])[0]).ratio
        return exact.round_to(cost / money, int(rule["decimals"]), rule["mode"]) * money

    def _share(self, old, side, quantity):
        """Under `average`: of the cost that the move still stands for, the part of `quantity`; all with the last of it."""
        cost, left = old.cost[side], old.quantity - old.back
        part = cost if quantity == left else min(self._rounded(old.text["instrument"], cost * quantity / left), cost)
        old.cost[side] -= part
        return [((0, "", part / quantity), quantity)]

    def _leave(self, account, quantity, booking, ref, instrument):
        """The pieces that leave first: [((order, purchase, cost of one), quantity)]."""
        if account[1] != "entity":
            return []
        if booking == "average":
            cost = self.pools[account]
            if quantity != self.balances[account]:
                cost = min(self._rounded(instrument, cost * quantity / self.balances[account]), cost)
            self.pools[account] -= cost
            return [((0, "", cost / quantity), quantity)]
        held = self.pieces[account]
        keys = sorted(k for k in held if booking == "fifo" or k[1] == ref)
        if sum(held[k] for k in keys) < quantity:
            raise Refusal("move-wrong-purchase")
        return self._pick(account, keys, quantity)

    def _pick(self, account, keys, quantity):
        held, found = self.pieces[account], []
        for key in keys:
            part = min(held[key], quantity)
            if part:
                found.append((key, part))
                quantity -= part
                held[key] -= part
                if not held[key]:
                    del held[key]
        return found

    def _arrive(self, account, pieces, booking):
        if account[1] != "entity":
            return
        for key, quantity in pieces:
            if booking == "average":
                self.pools[account] += key[2] * quantity
            else:
                self.pieces[account][key] = self.pieces[account].get(key, 0) + quantity

    def _reverse(self, move):
        text = move.text
        if text["instrument"] and text["instrument"] not in self.run.world.instruments:
            raise Refusal("move-unknown-instrument")
        old = self.posted.get(text["ref"])
        if old is None or old.text["kind"] == REVERSE:
            raise Refusal("move-wrong-reversal")
        if any(text[c] not in ("", old.text[c]) for c in ("instrument", "lot", "from", "to")):
            raise Refusal("move-wrong-reversal")
        declaration = self.run.world.instruments[old.text["instrument"]]
        booking, left = declaration.get("booking", "fifo"), old.quantity - old.back
        if move.quantity is None:
            move.quantity = left
        elif text["quantity"]:
            self._quantity(old, declaration, move.quantity)
        if text["price"]:
            raise Refusal("move-wrong-price")
        if move.quantity > left or not left:
            raise Refusal("move-wrong-reversal")
        if declaration["moves"][old.text["kind"]].get("validity", True):
            self._validity(move, (old.text["instrument"], old.text["lot"]))
        giver, taker, quantity = old.taker, old.giver, move.quantity
        if giver[1] != declaration["roles"][0] and self.balances[giver] < quantity:
            raise Refusal("move-overdraft")
        out = self._taken_back(old, quantity, booking)
        again = self._share(old, "gone", quantity) if booking == "average" and old.gone else last(old.gone, old.back, quantity)
        self._arrive(taker, again, booking)
        move.values = old.values
        move.original = old.text["kind"]
        self._book(move, giver, taker, quantity, cost_of(out), cost_of(again))
        old.back += quantity
        self.posted[text["id"]] = move

    def _taken_back(self, old, quantity, booking):
        """From the receiver the units that the move brought, as far as they are still there."""
        account = old.taker
        if account[1] != "entity":
            return []
        if booking == "average":
            cost = min(cost_of(self._share(old, "come", quantity)), self.pools[account])
            if quantity == self.balances[account]:
                cost = self.pools[account]
            self.pools[account] -= cost
            return [((0, "", cost / quantity), quantity)]
        held, brought = self.pieces[account], last(old.come, old.back, quantity)
        found = []
        for key, part in brought:
            if key in held:
                found += self._pick(account, [key], min(part, held[key]))
        rest = quantity - sum(p for _, p in found)
        return found + self._pick(account, sorted(held), rest)


def complete(move):
    """A reversal needs no instrument: that of its move is meant."""
    return all(move.text[c] or c == "instrument" and move.text["kind"] == REVERSE for c in ("id", "kind", "instrument"))


def cost_of(pieces):
    return sum((key[2] * quantity for key, quantity in pieces), Fraction(0))


def last(pieces, passed, quantity):
    """The last `quantity` of the pieces, after `passed` of them went before."""
    found = []
    for key, part in reversed(pieces):
        skipped = min(part, passed)
        passed -= skipped
        part = min(part - skipped, quantity)
        quantity -= part
        if part:
            found.append((key, part))
    return found


def settle(run, records, file, subject, given):
    """Post the moves of a job; fills flow and holding, notes findings and positions on the run."""
    moves, problems = read(run, records, file)
    if problems:
        return problems
    register = next((n for n, t in run.world.tables.items() if list(t.key) == [subject]), None)
    holders = {r.key[subject] for r in run.data[register].values()} if register in given else None
    lots = set(run.data["lot"]) if "lot" in given else None
    books = Books(run, holders, lots)
    late = books.post(moves, run.as_of)
    for move, code in books.refused:
        run.registry_findings.append({"code": code, "severity": "error", "file": file, "line": move.line})
    for move in moves:
        run.registry_findings += [{"code": "move-value-set-aside", "severity": "warning", "file": file, "line": move.line}
                                  for _ in move.aside]
    if late:
        run.registry_findings.append({"code": "moves-after-as-of", "severity": "info"})
    fill(run, books)
    return []


def fill(run, books):
    def cell(value):
        return reading.Cell(value, "", None, None)

    held = defaultdict(Fraction)
    for move, leg, account, other, quantity, cost in books.legs:
        instrument, role, holder, state, lot = account
        if role != "entity":
            continue
        held[holder, instrument, lot, state] += cost
        key = dict(zip(run.world.tables["flow"].key, (holder, instrument, lot, move.text["id"], leg)))
        kind = move.text["kind"]
        cells = {"date": move.day, "kind": kind, "original_kind": getattr(move, "original", kind), "state": state,
                 "quantity": quantity, "cost": cost, "counterparty": other[2] if other[1] == "entity" else other[1],
                 "ref": move.text["ref"] or None}
        cells["price"] = NA if move.price is None else move.price
        cells["value"] = NA if move.price is None else move.price * quantity
        cells = {c: cell(v) for c, v in cells.items() if v is not None}
        cells.update(move.values)
        row = Row("flow", key, cells, move.file, move.line)
        run.data["flow"][row.identity] = row
    for account, quantity in sorted(books.balances.items()):
        instrument, role, holder, state, lot = account
        if role != "entity" or not quantity:
            continue
        key = dict(zip(run.world.tables["holding"].key, (holder, instrument, lot, state)))
        row = Row("holding", key, {"quantity": cell(quantity), "cost": cell(held[holder, instrument, lot, state])}, "moves", 0)
        run.data["holding"][row.identity] = row
        declaration = run.world.instruments[instrument]
        unit = instruments.unit_of(run.world, instrument, "quantity")
        places = -min(0, exact_exponent(str(declaration["step"])))
        run.positions.append((holder, {"instrument": instrument, "lot": lot, "state": state,
                                       "quantity": exact.to_text(quantity / unit.ratio, places), "unit": declaration["unit"]}))


def exact_exponent(text):
    return -len(text.partition(".")[2])
