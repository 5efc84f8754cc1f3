#!/usr/bin/env python3
"""What the layout promises, checked: one function for each promise.

    architecture.py <check>     run one check; every breach is one line with its remedy
    architecture.py             run all
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
ENGINE = ROOT / "engine"
LINES_MAX = 600

# Third-party code and what touches the machine: where it may stand, and why nowhere else.
HOMES = [
    (r"boost/", {"exact"}, "everyone else speaks Number"),
    (r"nlohmann/", {"text"}, "its document type stores numbers in binary floating point"),
    (r"xercesc/", {"text"}, "it needs one global start and stop"),
    (r"unicode/", {"text"}, "encodings are text's business"),
    (r"openssl/", {"seal"}, "one layer hashes and signs"),
    (r"CLI/", {"cli"}, "arguments are the command line's business"),
    (r"coin/", {"whatif"}, "it computes in binary floating point: the engine answers for what it proposes"),
    (r"filesystem$", {"job", "cli"}, "the layers below are given bytes"),
    (r"fstream$", {"job", "cli"}, "the layers below are given bytes"),
    (r"(fcntl\.h|sys/stat\.h|unistd\.h|sys/mman\.h|dirent\.h)$", {"job", "cli"},
     "the layers below are given bytes"),
    (r"random$", set(), "the same job must give the same ledger"),
    (r"(ctime|time\.h|sys/time\.h)$", set(), "dates that matter are inputs"),
    (r"locale(\.h)?$", set(), "the same job must give the same ledger anywhere"),
]
# Third-party headers that may stand in a header of their home: none but fmt.
IN_HEADERS = re.compile(r"(boost|nlohmann|xercesc|openssl|CLI|coin)/")
# May look at a clock, to draw on a terminal; and may do calendar arithmetic, without a clock.
# The one file in which integers are held in doubles, with its proof.
EXACT_DOUBLES = "engine/exact/lanes_narrow.cc"
CLOCKS = {"engine/cli/print_progress.h", "engine/cli/print_progress.cc"}
CALENDARS = {"engine/base/date.cc"}


def sources():
    return sorted(p for p in ENGINE.rglob("*") if p.suffix in (".h", ".cc"))


def name(path):
    return path.relative_to(ROOT).as_posix()


def layer_of(path):
    return path.relative_to(ENGINE).parts[0]


def layers():
    out = {}
    for line in (ENGINE / "layers.txt").read_text(encoding="utf-8").splitlines():
        match = re.match(r"([a-z]+):([^#]*)", line)
        if match:
            out[match[1]] = set(match[2].split())
    return out


def includes(path):
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if match:
            yield number, match[1] == '"', match[2]


def without_comments_and_texts(text, keep_texts=False):
    """The code alone, with the same line breaks."""
    pattern = re.compile(
        r'//[^\n]*|/\*.*?\*/|R"(?P<mark>[^()\s\\]*)\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"|'
        r"(?<![0-9a-zA-Z])'(?:\\.|[^'\\\n])+'", re.S)

    def gap(match):
        found = match[0]
        if keep_texts and not found.startswith("/"):
            return found
        return re.sub(r"[^\n]", " ", found)

    return pattern.sub(gap, text)


def check_layers(report):
    allowed = layers()
    seen = set()
    for layer, below in allowed.items():
        for other in below:
            if other not in seen:
                report(f"engine/layers.txt: {layer} names {other}, which does not stand above it")
        seen.add(layer)
    for folder in sorted(p.name for p in ENGINE.iterdir() if p.is_dir()):
        if folder not in allowed:
            report(f"engine/{folder}: no line in engine/layers.txt")
    for path in sources():
        layer = layer_of(path)
        for number, own, header in includes(path):
            if not own:
                continue
            other = header.split("/")[0]
            if other == layer:
                continue
            if other not in allowed:
                report(f"{name(path)}:{number}: \"{header}\" begins with no layer")
            elif other not in allowed.get(layer, set()):
                report(f"{name(path)}:{number}: {layer} may not include {other}")
            elif "/detail/" in header:
                report(f"{name(path)}:{number}: {header} is for {other} alone")


def check_homes(report):
    for path in sources():
        layer = layer_of(path)
        for number, own, header in includes(path):
            if own:
                continue
            for pattern, homes, why in HOMES:
                if not re.match(pattern, header):
                    continue
                if layer not in homes:
                    report(f"{name(path)}:{number}: <{header}> does not belong here: {why}")
            if header == "chrono" and name(path) not in CLOCKS | CALENDARS:
                report(f"{name(path)}:{number}: <chrono>: dates that matter are inputs")
            if path.suffix == ".h" and IN_HEADERS.match(header) and "/detail/" not in name(path):
                report(f"{name(path)}:{number}: <{header}> stands in a header: include it in the .cc")


def check_clocks(report):
    for path in sources():
        code = without_comments_and_texts(path.read_text(encoding="utf-8"))
        for number, line in enumerate(code.splitlines(), 1):
            if re.search(r"_clock\b|\btime\s*\(|gettimeofday|getenv|setlocale", line) and name(path) not in CLOCKS:
                report(f"{name(path)}:{number}: no clock, environment or locale reaches a result")


def check_numbers(report):
    """No binary floating point but where it is proven exact, and no literal that would be one."""
    for path in sources():
        code = without_comments_and_texts(path.read_text(encoding="utf-8"))
        for number, line in enumerate(code.splitlines(), 1):
            for word in re.findall(r"\b(?:double|float)\b", line):
                if word == "double" and name(path) == EXACT_DOUBLES:
                    continue
                report(f"{name(path)}:{number}: the word {word}: use exact::Number")
            if re.search(r"(?<![\w.])(?:\d+\.\d*|\.\d+|\d+[eE][+-]?\d+)(?![\w.])", line):
                report(f"{name(path)}:{number}: a literal with a decimal point: use a ratio of integers")


def words():
    for line in (ROOT / "tests/architecture/domain_words.txt").read_text(encoding="utf-8").splitlines():
        word = line.strip()
        if word and not word.startswith("#"):
            yield word


def check_domain(report):
    """Rules are data: the engine's vocabulary is table, column, key, unit, period, account, entry."""
    ascii_words = [w for w in words() if w.isascii()]
    other = [w for w in words() if not w.isascii()]
    pattern = re.compile(r"(?<![A-Za-z])(?:" + "|".join(map(re.escape, ascii_words)) + r")(?:s|es)?(?![A-Za-z])", re.I)
    for path in sources():
        text = path.read_text(encoding="utf-8")
        for number, line in enumerate(text.splitlines(), 1):
            if path.as_posix().endswith("cli/command_line.cc") and "Qingzhang 清账" in line:
                continue  # the product's own sentence
            line = line.replace("demo.boiler", "")  # the teaching pack, in examples of the help
            for word in pattern.findall(line) + [w for w in other if w in line]:
                report(f"{name(path)}:{number}: \"{word}\" is a domain word: it belongs to factors/")


def check_sizes(report):
    for path in sources() + sorted((ROOT / "tests").rglob("*.cc")) + sorted((ROOT / "tests").rglob("*.py")):
        count = len(path.read_text(encoding="utf-8").splitlines())
        if count > LINES_MAX:
            report(f"{name(path)}: {count} lines: look for the second noun (at most {LINES_MAX})")


def check_headers(report):
    """Every file opens with its purpose; guards bear the path; own header first."""
    for path in sources():
        text = path.read_text(encoding="utf-8")
        relative = path.relative_to(ENGINE).as_posix()
        own = path.with_suffix(".h")
        opens = text.startswith("//") or (path.suffix == ".cc" and own.exists())
        if not opens:
            report(f"{name(path)}:1: say in the first lines what the file is for")
        if path.suffix == ".h":
            guard = "QZ_" + re.sub(r"[/.]", "_", relative).upper() + "_"
            if f"#ifndef {guard}\n#define {guard}\n" not in text:
                report(f"{name(path)}: the guard should be {guard}")
        elif own.exists():
            first = next((h for _, mine, h in includes(path) if mine or True), "")
            if first != own.relative_to(ENGINE).as_posix():
                report(f"{name(path)}: include its own header first")


def check_readmes(report):
    for layer in layers():
        folder = ENGINE / layer
        if folder.is_dir() and any(folder.glob("*.cc")) and not (folder / "README.md").exists():
            report(f"engine/{layer}: no README.md: what comes in, what goes out, what always holds")


def commands():
    """The commands as their code adds them: the first below qz, and those below a noun."""
    out = []
    for path in sorted((ENGINE / "cli").glob("command_*.cc")):
        if path.name == "command_line.cc":
            continue
        noun = path.stem[len("command_"):]
        text = path.read_text(encoding="utf-8")
        below = re.findall(r'(?:add_subcommand|add_pack_command|add_listing_command|add_new_rules)\(\s*'
                           r'(?:\*?\w+,\s*line,\s*)?"([a-z]+)"', text)
        verbs = [v for v in below if v != noun]
        out += [f"{noun} {v}" for v in verbs] or [noun]
    return out


def check_commands(report):
    """Every command has a story and a page."""
    page = (ROOT / "docs/reference/cli.md")
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    told = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "tests/stories").glob("*/command"))
    for command in commands():
        if f"# qz {command}\n" not in text:
            report(f"docs/reference/cli.md: no section \"qz {command}\"")
        if not re.search(rf"\bqz\b[^\n]*\b{command}\b", told):
            report(f"tests/stories: no story for qz {command}")


def check_findings(report):
    """Every kind of bad input that a message is promised for has its folder."""
    folder = ROOT / "tests/findings"
    for line in (folder / "promised.txt").read_text(encoding="utf-8").splitlines():
        code = line.split("#")[0].strip()
        if code and not (folder / code / "command").exists():
            report(f"tests/findings/{code}: missing: the smallest input that causes it, and its text")


CHECKS = {
    "layers": check_layers, "homes": check_homes, "clocks": check_clocks, "numbers": check_numbers, "domain": check_domain,
    "sizes": check_sizes, "headers": check_headers, "readmes": check_readmes,
    "commands": check_commands, "findings": check_findings,
}


def main(arguments):
    problems = []
    for check in arguments or CHECKS:
        CHECKS[check](problems.append)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
