"""Units: codes, exact ratios to base units, dimensions (rule-language §6).

A dimension is a sorted tuple of (base code, exponent). A Unit keeps its own text and the
exact ratio that turns a figure in it into base units.
"""

import json
import pathlib
from fractions import Fraction

import exact
from values import Problem

PLAIN = ()


class Unit:
    def __init__(self, text, ratio, dimension):
        self.text = text
        self.ratio = ratio
        self.dimension = dimension


def multiply(left, right, sign=1):
    """The dimension of a product (sign 1) or a quotient (sign -1)."""
    total = dict(left)
    for base, exponent in right:
        total[base] = total.get(base, 0) + sign * exponent
    return tuple(sorted((b, e) for b, e in total.items() if e != 0))


def power(dimension, exponent):
    return tuple((base, e * exponent) for base, e in dimension) if exponent else PLAIN


def dimension_text(dimension):
    if not dimension:
        return "1"
    return "*".join(b if e == 1 else f"{b}^{e}" for b, e in dimension)


class Units:
    def __init__(self):
        self.definitions = {"1": {}}
        self.reduced = {"1": (Fraction(1), PLAIN)}

    def load(self, folder):
        for path in sorted(pathlib.Path(folder).glob("units/*.json")):
            with open(path, encoding="utf-8") as file:
                content = json.load(file, parse_float=str, parse_int=str)
            for code, definition in content.get("units", {}).items():
                if code == "1":
                    continue
                if self.definitions.get(code, definition) != definition:
                    raise Problem(f"{path}: unit {code} is defined twice")
                self.definitions[code] = definition

    def complete(self):
        """Units that the language itself speaks of, where no file defines them."""
        self.definitions.setdefault("%", {"ratio": "1/100", "of": "1"})
        self.definitions.setdefault("d", {})
        for code in self.definitions:
            self._reduce(code, ())

    def _reduce(self, code, chain):
        if code in self.reduced:
            return self.reduced[code]
        if code in chain:
            raise Problem(f"unit {code} is defined by itself")
        if code not in self.definitions:
            raise Problem(f"unknown unit {code!r}")
        definition = self.definitions[code]
        if "of" not in definition:
            found = (Fraction(1), ((code, 1),))
        else:
            ratio, dimension = self._product(definition["of"], chain + (code,))
            found = (ratio * exact.parse_ratio(definition.get("ratio", "1")), dimension)
        self.reduced[code] = found
        return found

    def _product(self, text, chain):
        ratio, dimension, sign = Fraction(1), PLAIN, 1
        for part in str(text).replace("/", " / ").replace("*", " * ").split():
            if part in "/*":
                sign = -1 if part == "/" else 1
                continue
            part_ratio, part_dimension = self._reduce(part, chain)
            ratio = ratio * part_ratio if sign == 1 else ratio / part_ratio
            dimension = multiply(dimension, part_dimension, sign)
        return ratio, dimension

    def parse(self, text):
        """unit = code { ("/" | "*") code }, read from the left."""
        text = str(text).strip()
        codes = text.replace("*", "/").split("/")
        if not all(code.strip() for code in codes):
            raise Problem(f"{text!r} is not a unit")
        ratio, dimension = self._product(text, ())
        return Unit(text, ratio, dimension)
