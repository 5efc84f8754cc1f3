"""Files as text: JSON whose numbers stay text, CSV with line numbers, XML; UTF-8 or GB18030
(formats §2). A table file becomes a heading and records (line, cells)."""

import csv
import io
import json
import xml.etree.ElementTree
from collections import namedtuple

from values import Problem

Records = namedtuple("Records", "headings rows")     # rows: (line, [cell text or None])


class NumberText(str):
    """A JSON number, as it was written."""


def _pairs(pairs):
    seen = {}
    for name, value in pairs:
        if name in seen:
            raise Problem(f"the member {name!r} stands twice")
        seen[name] = value
    return seen


def json_text(text, name):
    def refuse(word):
        raise Problem(f"{word} is not a number")
    try:
        return json.loads(text, parse_float=NumberText, parse_int=NumberText,
                          parse_constant=refuse, object_pairs_hook=_pairs)
    except json.JSONDecodeError as error:
        raise Problem(f"{name}:{error.lineno}:{error.colno}: {error.msg}") from None
    except Problem as error:
        raise Problem(f"{name}: {error}") from None


def read_json(path):
    return json_text(path.read_bytes().decode("utf-8-sig"), str(path))


def decode(data, name):
    """UTF-8 if the bytes are valid UTF-8, else GB18030, else refused (formats §2)."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Problem(f"{name}: is neither UTF-8 nor GB18030")


def cell_text(value):
    """A JSON cell as the text that a CSV cell would hold; None is an empty cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return str(value)
    raise Problem("a cell is neither text, number, true, false nor null")


def read_csv(text, name):
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows, headings, before = [], None, 0
    try:
        for cells in reader:
            line, before = before + 1, reader.line_num
            if not cells:
                continue
            if headings is None:
                headings = [c.strip(" \t") for c in cells]
            else:
                rows.append((line, cells))
    except csv.Error as error:
        raise Problem(f"{name}:{reader.line_num}: {error}") from None
    if headings is None:
        raise Problem(f"{name}: has no heading")
    return Records(headings, rows)


def from_objects(objects, name):
    """An array of flat objects: the headings are the union of the members (formats §2)."""
    if not isinstance(objects, list) or not all(isinstance(o, dict) for o in objects):
        raise Problem(f"{name}: is not an array of objects")
    headings = []
    for one in objects:
        headings.extend(member for member in one if member not in headings)
    rows = []
    for number, one in enumerate(objects, 1):
        try:
            rows.append((number, [cell_text(one.get(h)) for h in headings]))
        except Problem as error:
            raise Problem(f"{name}:{number}: {error}") from None
    return Records(headings, rows)


def read_xml(text, name):
    try:
        root = xml.etree.ElementTree.fromstring(text)
    except xml.etree.ElementTree.ParseError as error:
        raise Problem(f"{name}: {error}") from None
    if root.tag != "table" or any(child.tag != "row" for child in root):
        raise Problem(f"{name}: is not <table><row …/></table>")
    return from_objects([dict(child.attrib) for child in root], name)


def read_records(path, name):
    """A table file of any of the three kinds, told by its ending."""
    if not path.is_file():
        raise Problem(f"{name}: cannot be read")
    data = path.read_bytes()
    ending = path.suffix.lower()
    if ending == ".json":
        return from_objects(json_text(decode(data, name), name), name)
    if ending == ".xml":
        return read_xml(data if data.startswith(b"<?xml") else decode(data, name), name)
    return read_csv(decode(data, name), name)
