"""Other programs for the same work, where the machine can have them.

A folder of peers (--peers, or the environment variable QZ_PEERS) holds `w1_probe.cpp`, the hand-written loop,
`peers/duckdb.cjs`, the queries of the database, and `peers/w3_node.cjs`, scenarios as a compiled loop. None is part
of this project. What is missing (the folder, the packages, node, npm) is told in a line and left out.
"""

import csv
import os
import pathlib
import re
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
PROBE_FLAGS = ["-std=c++20", "-O3", "-march=native", "-fno-math-errno", "-fno-trapping-math", "-fopenmp-simd", "-pthread"]
MODES = ("exact", "double", "decimal")


def folder(argument):
    named = argument or os.environ.get("QZ_PEERS", "")
    return pathlib.Path(named) if named else None


def write_factors(path):
    """The factors of bench.w1 with the names that the peers know."""
    with open(HERE / "factors/tables/bench.w1/1/w1.csv", encoding="ascii", newline="") as table:
        rows = list(csv.DictReader(table))
    lines = ["fuel,default_carbon,ch4_kg_t,n2o_kg_t", *(f"{r['fuel']},{r['carbon']},{r['CH4']},{r['N2O']}" for r in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
    return path


def probe(peers, work, say):
    """The hand-written loop as a program, compiled for this machine once; None where it cannot be had."""
    source = peers / "w1_probe.cpp"
    if not source.exists():
        return say(f"no hand-written loop: {source} is not there")
    program = work / "w1_probe"
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        done = subprocess.run(["g++", *PROBE_FLAGS, "-o", program, source], capture_output=True, text=True)
        if done.returncode != 0:
            return say("no hand-written loop: it does not compile on this machine\n" + done.stderr[-400:])
    return program


def warm(loop, work, activity, threads):
    """Seconds that the hand-written loop takes to compute and sum rows that it has loaded."""
    done = subprocess.run([loop, "warm", threads, activity, write_factors(work / "factors.csv"), work / "warm.json"],
                          capture_output=True, text=True, check=True)
    return float(re.search(r"median ([0-9.]+) s", done.stdout)[1])


def duckdb(peers, work, say):
    """The environment for the database's script; None where it cannot be had."""
    if not (peers / "peers/duckdb.cjs").exists():
        return say("no DuckDB: the folder of peers has no peers/duckdb.cjs")
    if not shutil.which("node"):
        return say("no DuckDB: node is not installed")
    installed = [pathlib.Path(given) for given in os.environ.get("NODE_PATH", "").split(":") if given]
    installed.append(work / "npm/node_modules")
    for modules in installed:
        if (modules / "@duckdb/node-api").exists():
            return {"NODE_PATH": str(modules)}
    if not shutil.which("npm"):
        return say("no DuckDB: npm is not installed")
    done = subprocess.run(["npm", "install", "--silent", "--prefix", work / "npm", "@duckdb/node-api"], capture_output=True, text=True)
    if done.returncode != 0:
        return say("no DuckDB: npm cannot install @duckdb/node-api here\n" + done.stderr[-400:])
    return {"NODE_PATH": str(work / "npm/node_modules")}


def scenarios(peers, say):
    """Scenarios a second of the compiled loop for bench.w3 in Node, the first line that its script prints; None where it cannot be had."""
    if peers is None or not (peers / "peers/w3_node.cjs").exists():
        return say("no Node loop: the folder of peers has no peers/w3_node.cjs")
    if not shutil.which("node"):
        return say("no Node loop: node is not installed")
    # What the script goes on with needs packages; it may end there.
    running = subprocess.Popen(["node", peers / "peers/w3_node.cjs"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    line = running.stdout.readline()
    running.kill()
    running.wait()
    found = re.search(r"([0-9.]+) scen/s", line)
    return float(found[1]) if found else say("no Node loop: its script says nothing of scenarios")


def w1_commands(peers, work, activity, threads, say):
    """name -> (command, environment) of each peer that can do W1 on the file `activity`, and where each writes."""
    commands, outputs = {}, {}
    if peers is None:
        say("no peers: name their folder with --peers or QZ_PEERS to print ratios")
        return commands, outputs
    factors = write_factors(work / "factors.csv")
    loop = probe(peers, work, say)
    if loop:
        outputs["loop"] = work / "loop.json"
        commands["loop"] = ([loop, "columnar", threads, activity, factors, outputs["loop"]], None)
    environment = duckdb(peers, work, say)
    if environment:
        for mode in MODES:
            name = f"duckdb-{mode}"
            outputs[name] = work / f"{name}.json"
            commands[name] = (["node", peers / "peers/duckdb.cjs", mode, activity, factors, outputs[name], threads], environment)
    return commands, outputs
