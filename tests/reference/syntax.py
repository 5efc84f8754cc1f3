"""Lexer and parser of formulas: text to a plain tree (rule-language §5, the EBNF).

Names are not looked up here; resolve.py does that. A node is a Node(kind, pos, fields...).
"""

from types import SimpleNamespace

from values import Problem

WORDS = {"if", "then", "else", "and", "or", "between", "in", "at", "true", "false", "null", "this"}
MARKS = ("**", "!=", "<=", ">=", "=", "<", ">", "+", "-", "*", "/", "(", ")", "[", "]", ",", ".")
MAX_DEPTH = 200


class SyntaxProblem(Problem):
    pass


def node(kind, pos, **fields):
    return SimpleNamespace(kind=kind, pos=pos, **fields)


def is_name(text):
    return bool(text) and (text[0].isalpha() or text[0] == "_") and text not in WORDS and all(
        c.isalpha() or c == "_" or c in "0123456789" for c in text)


def tokens(source):
    """A list of (kind, text, position); kinds: number, unit, text, name, word, mark, end."""
    found, i = [], 0
    while i < len(source):
        c = source[i]
        if c in " \t\r\n":
            i += 1
        elif c in "0123456789":
            i = _number(source, i, found)
        elif c == '"':
            i = _text(source, i, found)
        elif c.isalpha() or c == "_":
            j = i
            while j < len(source) and (source[j].isalpha() or source[j] in "_0123456789"):
                j += 1
            found.append(("word" if source[i:j] in WORDS else "name", source[i:j], i))
            i = j
        else:
            mark = next((m for m in MARKS if source.startswith(m, i)), None)
            if mark is None:
                raise SyntaxProblem(f"column {i + 1}: unexpected {c!r}")
            found.append(("mark", mark, i))
            i += len(mark)
    found.append(("end", "", len(source)))
    return found


def _digits(source, i):
    while i < len(source) and source[i] in "0123456789":
        i += 1
    return i


def _number(source, i, found):
    j = _digits(source, i)
    if j + 1 < len(source) and source[j] == "." and source[j + 1] in "0123456789":
        j = _digits(source, j + 1)
    if j < len(source) and source[j] in "eE":
        k = j + 1 + (source[j + 1:j + 2] in ("+", "-"))
        if _digits(source, k) > k:
            j = _digits(source, k)
    found.append(("number", source[i:j], i))
    # A bracket after a number is a unit, never a filter; its codes are not tokens.
    k = j
    while k < len(source) and source[k] in " \t\r\n":
        k += 1
    if source[k:k + 1] == "[":
        close = source.find("]", k)
        if close < 0:
            raise SyntaxProblem(f"column {k + 1}: the unit has no ]")
        found.append(("unit", source[k + 1:close].strip(), k))
        j = close + 1
    return j


def _text(source, i, found):
    j, out = i + 1, []
    while j < len(source) and source[j] != '"':
        if source[j] == "\\":
            j += 1
            if source[j:j + 1] not in ('"', "\\"):
                raise SyntaxProblem(f"column {j + 1}: only \\\" and \\\\ may follow a backslash")
        out.append(source[j:j + 1])
        j += 1
    if j >= len(source):
        raise SyntaxProblem(f"column {i + 1}: the text has no end")
    found.append(("text", "".join(out), i))
    return j + 1


class Parser:
    """One method for each line of the grammar, in its order."""

    def __init__(self, source):
        self.source = source
        self.tokens = tokens(source)
        self.at = 0
        self.depth = 0

    def peek(self, *texts):
        kind, text, _ = self.tokens[self.at]
        return kind in ("mark", "word") and text in texts

    def take(self, *texts):
        if not self.peek(*texts):
            return None
        self.at += 1
        return self.tokens[self.at - 1]

    def need(self, text):
        token = self.take(text)
        if token is None:
            self.fail(f"expected {text!r}")
        return token

    def fail(self, message):
        _, text, pos = self.tokens[self.at]
        seen = repr(text) if text else "the end"
        raise SyntaxProblem(f"column {pos + 1}: {message}, found {seen}")

    def pos(self):
        return self.tokens[self.at][2]

    def name(self):
        kind, text, _ = self.tokens[self.at]
        if kind != "name":
            self.fail("expected a name")
        self.at += 1
        return text

    def whole(self):
        tree = self.expression()
        if self.tokens[self.at][0] != "end":
            self.fail("expected the end")
        return tree

    def expression(self):
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail("nested too deeply")
        pos = self.pos()
        if self.take("if"):
            condition = self.expression()
            self.need("then")
            yes = self.expression()
            self.need("else")
            tree = node("if", pos, condition=condition, yes=yes, no=self.expression())
        else:
            tree = self.or_()
        self.depth -= 1
        return tree

    def _left(self, operand, kind, *marks):
        tree = operand()
        while self.peek(*marks):
            _, mark, pos = self.take(*marks)
            tree = node(kind, pos, op=mark, left=tree, right=operand())
        return tree

    def or_(self):
        return self._left(self.and_, "or", "or")

    def and_(self):
        return self._left(self.test, "and", "and")

    def test(self):
        left = self.sum()
        token = self.take("=", "!=", "<", "<=", ">", ">=")
        if token:
            tree = node("compare", token[2], op=token[1], left=left, right=self.sum())
        elif self.peek("between"):
            pos = self.take("between")[2]
            low = self.sum()
            self.need("and")
            tree = node("between", pos, value=left, low=low, high=self.sum())
        elif self.peek("in"):
            pos = self.take("in")[2]
            tree = node("in", pos, value=left, items=self.in_items())
        else:
            return left
        if self.peek("=", "!=", "<", "<=", ">", ">=", "between", "in"):
            self.fail("comparisons do not chain")
        return tree

    def in_items(self):
        if self.take("("):
            items = [self.sum()]
            while self.take(","):
                items.append(self.sum())
            self.need(")")
            return items
        if self.tokens[self.at][0] != "name" and not self.peek("this"):
            self.fail("expected ( or a reference after in")
        return [self.reference()]

    def sum(self):
        return self._left(self.product, "arithmetic", "+", "-")

    def product(self):
        return self._left(self.power, "arithmetic", "*", "/")

    def power(self):
        pos = self.pos()
        if self.take("-"):
            tree = node("negate", pos, value=self.operand())
            if self.peek("**"):
                self.fail("-a ** b needs brackets")
            return tree
        base = self.operand()
        if not self.peek("**"):
            return base
        pos = self.take("**")[2]
        minus = self.take("-")
        exponent = self.operand()
        if minus:
            exponent = node("negate", minus[2], value=exponent)
        if self.peek("**"):
            self.fail("a ** b ** c needs brackets")
        return node("power", pos, base=base, exponent=exponent)

    def operand(self):
        kind, text, pos = self.tokens[self.at]
        if kind == "number":
            self.at += 1
            unit = None
            if self.tokens[self.at][0] == "unit":
                unit = self.tokens[self.at][1]
                self.at += 1
            return node("number", pos, text=text, unit=unit)
        if kind == "text":
            self.at += 1
            return node("text", pos, value=text)
        if self.take("true", "false"):
            return node("bool", pos, value=text == "true")
        if self.take("null"):
            return node("null", pos)
        if self.take("("):
            tree = self.expression()
            self.need(")")
            return tree
        return self.reference()

    def reference(self):
        pos = self.pos()
        if self.take("this"):
            self.need(".")
            return node("this", pos, name=self.name())
        name = self.name()
        if self.take("("):
            args, at = self.arguments()
            field = self.name() if self.take(".") else None
            return node("call", pos, name=name, args=args, at=at, field=field)
        if self.take("["):
            condition = self.expression()
            self.need("]")
            field = self.name() if self.take(".") else None
            return node("filter", pos, table=name, condition=condition, field=field)
        if self.take("."):
            return node("dot", pos, table=name, field=self.name())
        return node("name", pos, name=name)

    def arguments(self):
        args, at = [], None
        while not self.peek(")"):
            if self.take("at"):
                at = self.sum()
                break
            if args:
                self.need(",")
            args.append(self.expression())
            if self.take("at"):
                at = self.sum()
                break
        self.need(")")
        return args, at


def parse(source):
    return Parser(source).whole()
