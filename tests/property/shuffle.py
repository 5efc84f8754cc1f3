"""The rows of a job's input files in another order: nothing in the entries may depend on it.

Tables whose key ends in `row` stay as they are: there the order gives the key.
"""

import csv
import io
import json
import re

from model import KEYS


def files(folder, rng):
    """Shuffle the rows of every file of the job in `folder`, and the files of each table."""
    path = folder / "job.json"
    job = json.loads(path.read_text(encoding="utf-8"))
    for member in ("tables", "context"):
        for table, entry in job.get(member, {}).items():
            if "row" in KEYS[table]:
                continue
            if isinstance(entry, list):
                rng.shuffle(entry)
            for file in entry if isinstance(entry, list) else [entry]:
                _shuffle(folder / file, rng)
    path.write_text(json.dumps(job, ensure_ascii=False), encoding="utf-8")


def _shuffle(path, rng):
    content = path.read_bytes()
    if path.suffix == ".json":
        rows = json.loads(content, parse_float=str, parse_int=str)
        rng.shuffle(rows)
        path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    elif path.suffix == ".xml":
        rows = re.findall(r"<row [^>]*/>", content.decode("utf-8"))
        rng.shuffle(rows)
        path.write_text("<table>" + "".join(rows) + "</table>", encoding="utf-8")
    else:
        encoding = "utf-8-sig"
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            encoding = "gb18030"
            text = content.decode(encoding)
        heading, *rows = csv.reader(io.StringIO(text))
        rng.shuffle(rows)
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([heading, *rows])
        path.write_bytes(out.getvalue().encode(encoding))
