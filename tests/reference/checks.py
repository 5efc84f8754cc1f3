"""Findings: missing rows, errors where they arose, the packs' own checks, factors that nobody
verified, parameters left open (rule-language §3, §7, §9, §10, §12)."""

from evaluate import Place
from rows import shown
from values import Err


def finding(code, severity, row=None, column=None, **more):
    found = {"code": code, "severity": severity}
    if row is not None:
        found["table"] = row.table
        found["key"] = {k: shown(v) for k, v in row.key.items()}
        if column is not None:
            found["column"] = column
    found.update(more)
    return row, found


def missing_rows(run, header_only):
    """An added row whose inputs are required (§3). `header_only`: tables whose files say that
    there is nothing."""
    found = []
    for name, table in run.world.tables.items():
        if table.optional or name in header_only:
            continue
        for row in run.data[name].values():
            if not row.added:
                continue
            required = []
            for column in table.columns:
                _, made = run.definition(row, column)
                if made is not None and made.input and not made.optional:
                    required.append(column)
            if required:
                found.append(finding("missing-row", "error", row))
    return found


def cell_errors(run):
    """One finding for each error, where it arose; no-edition once for each pack and period."""
    found, seen = [], set()
    for row, column, error in run.errors:
        if error.code == "no-edition":
            pack = run.world.tables[row.table].owner[column]
            if (pack, row.period) in seen:
                continue
            seen.add((pack, row.period))
            found.append(finding("no-edition", "error", None, None, table=row.table))
            continue
        found.append(finding(error.code, "error", row, column, **({"text": error.text} if error.text else {})))
    return found


def pack_checks(run):
    found = []
    for edition, check, when, require in run.world.checks:
        for row in run.data[check.table].values():
            if row.context or run.edition(edition.pack, row) is not edition:
                continue
            place = Place(row, row, None)
            holds = True if when is None else run.evaluate(when, place)
            if holds is False:
                continue
            if holds is True:
                holds = run.evaluate(require, place)
            if isinstance(holds, Err) and holds.home is None:           # it arose in the check itself
                found.append(finding(holds.code, "error", row))
            if holds is True or isinstance(holds, Err):
                continue
            severity = check.severity
            if holds is not False and severity == "error":      # cannot be checked
                severity = "warning"
            found.append(finding(check.id, severity, row))
    return found


def used_factors(run):
    found = []
    for (name, line), (_, row) in sorted(run.used_factors.items()):
        if row.get("status") in ("recalled", "draft"):
            found.append(finding(f"{row['status']}-factor", "warning", factor=name, line=line))
    return found


def parameters(run):
    found = []
    for editions in run.world.editions.values():
        for name in sorted({n for e in editions for n in e.parameters}):
            made = next(e.parameters[name] for e in reversed(editions) if name in e.parameters)
            given = run.parameters.get((editions[0].pack, name))
            if given is not None and made.value_of(given) != made.default:
                found.append(finding("parameter-set", "info", parameter=f"{editions[0].pack}/{name}"))
            elif given is None and made.status != "verified":
                found.append(finding("parameter-default", "info", parameter=f"{editions[0].pack}/{name}"))
    return found


def everything(run, header_only, reading_findings=()):
    """All findings as (row or None, finding). Every cell is computed first."""
    for name, table in run.world.tables.items():
        for row in list(run.data[name].values()):
            for column in table.columns:
                run.cell(row, column)
    found = [finding(code, "error" if code == "missing-value" else "warning", row, column)
             for code, row, column in reading_findings]
    found += missing_rows(run, header_only) + pack_checks(run) + cell_errors(run)
    found += [(None, one) for one in run.registry_findings]
    return found + used_factors(run) + parameters(run)
