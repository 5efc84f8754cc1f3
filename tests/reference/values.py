"""The states a cell can be in, and the numbers it can hold (rule-language §7, §6).

A value is one of: a Fraction (a number, in base units), str (a text), bool, datetime.date,
Period, or one of the three states below. Nothing here knows about packs or files.
"""


class Mark:
    """NULL (missing) and NA (not applicable): compared by identity, never equal to a value."""

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return self.name


NULL = Mark("null")
NA = Mark("not applicable")


class Err:
    """An error value. `home` is the cell in which it arose; dependents carry the same object,
    so that it is found once (§7: "one finding, where it arises")."""

    def __init__(self, code, text=""):
        self.code = code
        self.text = text
        self.home = None

    def __repr__(self):
        return f"error {self.code}"


class Problem(Exception):
    """A pack, a table or a job that cannot be used; the text is for people."""


class NotSupported(Problem):
    """The specification has it; this evaluator does not."""


def is_value(x):
    return x is not NULL and x is not NA and not isinstance(x, Err)


def first_error(values):
    """The first error in order of writing, or None (§7)."""
    for value in values:
        if isinstance(value, Err):
            return value
    return None


def blocked(values):
    """What arithmetic, comparison and functions give when not all operands are values:
    the first error, else NULL if one is missing or not applicable, else None (go on)."""
    error = first_error(values)
    if error is not None:
        return error
    return None if all(is_value(v) for v in values) else NULL
