"""Counts the instructions of small jobs and compares them with the baseline: five percent more is a failure.

    python3 tests/bench/instructions/count.py build/release/qz             compare
    QZ_ACCEPT=1 python3 tests/bench/instructions/count.py build/release/qz     write the baseline anew

Seconds depend on the machine and on what else it does; instructions do not. valgrind (callgrind) counts those of the
program and its libraries, on one thread, with a fixed environment, and with the processor's extensions hidden from the
C library and from OpenSSL, so that neither chooses its code by the machine. Cases that end in "rows" are without the start. What else decides the count stands in the
baseline: compiler, libraries, valgrind, AVX2 or not. Where one of them differs, the numbers cannot be compared and the test
is skipped (77).
"""

import concurrent.futures
import ctypes
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
BASELINE = HERE / "baseline.json"
LIMIT_PERCENT = 5
SKIPPED = 77
START = "start, one row"
sys.path.insert(0, str(HERE.parent))

import make_job  # noqa: E402

# The C library's string functions in their plainest form, with the sizes at which they change their ways fixed.
TUNABLES = ("glibc.cpu.hwcaps=-AVX2,-AVX,-AVX2_Usable,-AVX_Fast_Unaligned_Load,-BMI2,-BMI1,-LZCNT,-MOVBE,-ERMS,-FSRM,-RTM:"
            "glibc.cpu.x86_data_cache_size=0x8000:glibc.cpu.x86_shared_cache_size=0x100000:"
            "glibc.cpu.x86_non_temporal_threshold=0xc0000:glibc.cpu.x86_rep_movsb_threshold=0x800:"
            "glibc.cpu.x86_rep_stosb_threshold=0x800")
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "GLIBC_TUNABLES": TUNABLES, "OPENSSL_ia32cap": "0x0:0x0"}


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def made_with(qz):
    """All that decides the count besides our own code; patch releases of libraries are taken as equal."""
    libraries = re.findall(r"\(NEEDED\).*\[(.*)\]", output("readelf", "--wide", "-d", qz))
    crypto = next((name for name in libraries if name.startswith("libcrypto")), None)
    openssl = "none"
    if crypto:
        version = ctypes.CDLL(crypto).OpenSSL_version
        version.restype = ctypes.c_char_p
        openssl = ".".join(version(0).decode().split()[1].split(".")[:2])
    compiler = re.search(r"GCC: \(.*\) (\S+)", output("readelf", "--wide", "-p", ".comment", qz))
    flags = re.search(r"^flags\s*:(.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    return {"compiler": f"GCC {compiler[1]}" if compiler else "another",
            "libc": os.confstr("CS_GNU_LIBC_VERSION"),
            "libraries": " ".join(sorted(libraries)),
            "openssl": openssl,
            "processor": f"{os.uname().machine} avx2" if flags and "avx2" in flags[1].split() else os.uname().machine,
            "valgrind": output("valgrind", "--version").strip()}


def count(command, folder, name):
    """Instructions of one run."""
    out = folder / f"{name}.callgrind"
    done = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", "--quiet", *map(str, command)],
                          capture_output=True, text=True, env={**ENVIRONMENT, "HOME": str(folder)}, cwd=ROOT)
    totals = re.search(r"^(?:summary|totals): (\d+)", out.read_text(errors="replace"), re.M) if out.exists() else None
    if done.returncode not in (0, 1) or not totals:
        sys.exit(f"{name}: exit {done.returncode}\n{done.stderr[-2000:]}")
    return int(totals[1])


def install(qz, folder, jobs):
    """The program in a tree of its own with the packs that `jobs` name and no other: every start reads all that are
    installed, and a new pack must not look like a slower program."""
    factors = folder / "factors"
    shutil.copytree(HERE.parent / "factors", factors)
    shutil.copytree(ROOT / "factors/units", factors / "units")
    wanted = [name.split("@")[0] for job in jobs for name in json.loads(job.read_text(encoding="utf-8"))["packs"]]
    while wanted:
        pack = wanted.pop()
        if (factors / "packs" / pack).exists():
            continue
        for edition in sorted((shutil.copytree(ROOT / "factors/packs" / pack, factors / "packs" / pack)).glob("*.json")):
            document = json.loads(edition.read_text(encoding="utf-8"))
            wanted += [name.split("@")[0] for name in document.get("needs", [])]
            tables = document.get("factors", [])
            for table in tables.values() if isinstance(tables, dict) else tables:
                name = table.split("@")[0]
                shutil.copytree(ROOT / "factors/tables" / name, factors / "tables" / name, dirs_exist_ok=True)
    return shutil.copy(qz, folder / "qz")


def cases(qz, folder):
    """name -> command. The ledgers to be verified are written here, at full speed."""
    city = ROOT / "inputs/sample-city/job.json"
    qz = install(qz, folder, [city])

    def run_of(job, out):
        return [qz, "run", job, "--output", folder / out, "--threads", "1"]

    start = make_job.make(1, folder / "start", "bench.w1")
    totals = make_job.make(100_000, folder / "w1", "bench.w1")
    ledger = make_job.make(20_000, folder / "ledger", "bench.ledger")
    subprocess.run(run_of(ledger, "sealed"), check=True, capture_output=True)
    return {START: run_of(start, "a"),
            "totals of 100 000 rows": run_of(totals, "b"),
            "ledger of 20 000 rows": run_of(ledger, "c"),
            "verify its JSON": [qz, "verify", folder / "sealed/ledger.json", "--threads", "1"],
            "verify its XML": [qz, "verify", folder / "sealed/ledger.xml", "--threads", "1"],
            "sample city": run_of(city, "d")}


def measure(qz):
    with tempfile.TemporaryDirectory(prefix="count-") as scratch:
        folder = pathlib.Path(scratch)
        commands = cases(qz, folder)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            counts = pool.map(lambda item: count(item[1], folder, re.sub(r"\W+", "-", item[0])), commands.items())
            out = dict(zip(commands, counts))
    for name in out:  # what the rows cost must not hide behind what every start costs
        if name.endswith("rows"):
            out[name] -= out[START]
    return out


def compare(counts, expected):
    """Prints a line for each case; the number of those that fail."""
    failed = 0
    for name, instructions in counts.items():
        before = expected.get(name)
        change = 100 * (instructions - before) / before if before else None
        verdict = "no baseline" if before is None else ""
        if change is not None and change > LIMIT_PERCENT:
            verdict = f"more than {LIMIT_PERCENT} % above the baseline"
        elif change is not None and change < -LIMIT_PERCENT:
            verdict = "better: accept the new baseline, so that it stays so"
        failed += before is None or change > LIMIT_PERCENT
        shown = "" if change is None else f"{change:+7.2f} %"
        print(f"{name:24} {instructions / 1e6:10.1f} M instructions {shown}  {verdict}")
    for name in expected.keys() - counts.keys():
        print(f"{name}: in the baseline and not measured")
        failed += 1
    return failed


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    qz = pathlib.Path(sys.argv[1]).resolve()
    for tool in ("valgrind", "readelf"):
        if not shutil.which(tool):
            skip(f"{tool} is not installed (tests/packages.txt)")
    here = made_with(qz)
    if os.environ.get("QZ_ACCEPT") == "1":
        BASELINE.write_text(json.dumps({"made_with": here, "instructions": measure(qz)}, indent=2) + "\n", encoding="utf-8")
        print(f"written: {BASELINE.relative_to(ROOT)}")
        return
    baseline = json.loads(BASELINE.read_text(encoding="utf-8"))
    if here != baseline["made_with"]:
        different = [f"{name}: {here[name]}, baseline {value}" for name, value in baseline["made_with"].items() if here[name] != value]
        skip("the baseline was made with something else: " + "; ".join(different))
    if compare(measure(qz), baseline["instructions"]):
        print("\nWhere the instructions went: valgrind --tool=callgrind … and callgrind_annotate."
              "\nIf the rise is wanted, accept it and say why in the commit:"
              "\n  QZ_ACCEPT=1 python3 tests/bench/instructions/count.py build/release/qz")
        sys.exit(1)


if __name__ == "__main__":
    main()
