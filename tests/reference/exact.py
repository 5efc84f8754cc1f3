"""Exact numbers: from text, to text, rounded, and the functions that are not rational.

Every number is a Fraction. Rounding modes work on the magnitude (rule-language §4); roots,
logarithms, exponentials and broken powers are the exact result rounded half-even to 34
significant digits (§6), found with guard digits until the rounding is certain.
"""

import decimal
import math
import re
import sys
from fractions import Fraction

from values import Err

sys.set_int_max_str_digits(0)   # results may have up to 2**65536 in numerator and denominator

LIMIT = 2 ** 65536          # §7: a numerator or denominator above this is too long
DIGITS = 34                 # §6
NUMBER = re.compile(r"([+-]?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?\Z", re.ASCII)
MODES = ("half-even", "half-up", "down", "up")      # the order of rule-language §4


def parse(text):
    """(value, places) of a number as written, or a message saying what is wrong (§6, formats §2)."""
    match = NUMBER.match(text)
    if not match:
        return None, "is not a number"
    sign, whole, fraction, exponent = match.groups()
    fraction = fraction or ""
    if len(whole) + len(fraction) > 100:
        return None, "has more than 100 digits"
    if exponent and abs(int(exponent[:6])) > 100:
        return None, "has an exponent beyond 100"
    power = int(exponent or 0)
    value = Fraction(int(whole + fraction)) * Fraction(10) ** (power - len(fraction))
    return (-value if sign == "-" else value), max(0, len(fraction) - power)


def parse_ratio(text):
    """A constant or a unit's ratio: a number, or number/number (§2, §6)."""
    parts = str(text).split("/")
    if len(parts) > 2:
        raise ValueError(f"{text!r} is not a number")
    values = []
    for part in parts:
        value, places = parse(part.strip())
        if value is None:
            raise ValueError(f"{part!r} {places}")
        values.append(value)
    if len(values) == 2:
        if values[1] == 0:
            raise ValueError(f"{text!r} divides by zero")
        return values[0] / values[1]
    return values[0]


def guard(value):
    if abs(value.numerator) > LIMIT or value.denominator > LIMIT:
        return Err("number-too-long")
    return value


def round_to(value, places, mode):
    """value rounded to `places` decimals (negative: tens, hundreds) by one of MODES."""
    scaled = abs(value) * Fraction(10) ** places
    whole = scaled.numerator // scaled.denominator
    rest = scaled - whole
    half = Fraction(1, 2)
    if mode == "up":
        whole += rest > 0
    elif mode == "half-up":
        whole += rest >= half
    elif mode == "half-even":
        whole += rest > half or (rest == half and whole % 2 == 1)
    elif mode != "down":
        raise ValueError(mode)
    result = Fraction(whole) / Fraction(10) ** places
    return -result if value < 0 else result


def magnitude(value):
    """The exponent of the first significant digit: 0 for 1 to 9.99, -1 for 0.1."""
    size = abs(value)
    exponent = len(str(size.numerator)) - len(str(size.denominator))
    while size < Fraction(10) ** exponent:
        exponent -= 1
    while size >= Fraction(10) ** (exponent + 1):
        exponent += 1
    return exponent


def round_significant(value, digits, mode):
    if value == 0:
        return value
    return round_to(value, digits - 1 - magnitude(value), mode)


def to_text(value, places):
    """Plain digits with exactly `places` decimals (none if places <= 0); value must fit."""
    places = max(0, places)
    scaled = abs(value) * 10 ** places
    if scaled.denominator != 1:
        raise ValueError("the value has more places than asked for")
    digits = str(scaled.numerator).rjust(places + 1, "0")
    text = digits[:-places] + "." + digits[-places:] if places else digits
    return "-" + text if value < 0 else text


def significant_text(value, digits):
    """A value rounded to significant digits, printed with just these digits: 2.50, 12300."""
    if value == 0:
        return "0"
    return to_text(value, digits - 1 - magnitude(value))


def plain_text(text):
    """An input's own digits without exponent, +, leading zeros or -0 (formats §4)."""
    value, places = parse(text)
    return to_text(value, places)


def exact_text(value):
    """For messages: the shortest decimal if there is one, else numerator/denominator."""
    rest = value.denominator
    twos = fives = 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    return to_text(value, max(twos, fives))


def whole_power(base, exponent):
    """base ** exponent for a whole exponent: exact (§6)."""
    if base == 0 and exponent < 0:
        return Err("division-by-zero")
    if base in (0, 1, -1) or exponent == 0:
        return base ** exponent
    longest = max(abs(base.numerator).bit_length(), base.denominator.bit_length()) - 1
    if longest * abs(exponent) > 65536:      # never build a number only to refuse it
        return Err("number-too-long")
    return guard(base ** exponent)


def square_root(value):
    if value < 0:
        return Err("no-real-value")
    if value == 0:
        return value
    # Scale until the integer root has at least 40 digits, then keep one sticky digit.
    places = 40 - magnitude(value) // 2
    scaled = value * Fraction(100) ** places
    whole = scaled.numerator // scaled.denominator
    root = math.isqrt(whole)
    exact = root * root == whole and scaled.denominator == 1
    near = Fraction(root * 10 + (0 if exact else 1)) / Fraction(10) ** (places + 1)
    return guard(round_significant(near, DIGITS, "half-even"))


def _decimal(value):
    return decimal.Decimal(value.numerator) / decimal.Decimal(value.denominator)


def _certain(compute):
    """compute() in more and more digits until 34 of them are certain; a tie that stays a tie
    at 400 digits is an exact tie."""
    for precision in (60, 100, 200, 400):
        with decimal.localcontext() as context:
            context.prec = precision
            context.Emax, context.Emin = decimal.MAX_EMAX, decimal.MIN_EMIN
            context.traps[decimal.Inexact] = False
            near = Fraction(compute())
        if near == 0:
            return near
        slack = abs(near) * Fraction(10) ** (12 - precision)
        low = round_significant(near - slack, DIGITS, "half-even")
        high = round_significant(near + slack, DIGITS, "half-even")
        if low == high:
            return guard(low)
    tie = round_significant(near, DIGITS + 8, "half-even")
    return guard(round_significant(tie, DIGITS, "half-even"))


def natural_log(value):
    if value <= 0:
        return Err("no-real-value")
    if value == 1:
        return Fraction(0)

    def compute():
        # Near 1 the quotient loses digits of the logarithm; carry as many more.
        lost = max(0, -magnitude(value - 1))
        decimal.getcontext().prec += lost
        return _decimal(value).ln()

    return _certain(compute)


def exponential(value):
    if value == 0:
        return Fraction(1)
    if abs(value) > 46000:                   # e ** 46000 is beyond 2 ** 65536 on either side
        return Err("number-too-long")
    return _certain(lambda: _decimal(value).exp())


def power(base, exponent):
    """base ** exponent for plain numbers; exact if the exponent is whole (§6)."""
    if exponent.denominator == 1:
        return whole_power(base, exponent.numerator)
    if base < 0:
        return Err("no-real-value")
    if base == 0:
        return Err("division-by-zero") if exponent < 0 else Fraction(0)
    if base == 1:
        return Fraction(1)

    with decimal.localcontext() as context:      # refuse what is far too long before working it out
        context.prec, context.Emax, context.Emin = 60, decimal.MAX_EMAX, decimal.MIN_EMIN
        if abs(_decimal(base).ln() * _decimal(exponent)) > 46000:
            return Err("number-too-long")

    def compute():
        lost = max(0, -magnitude(base - 1))
        decimal.getcontext().prec += lost + 10
        return (_decimal(base).ln() * _decimal(exponent)).exp()

    return _certain(compute)

