"""Runs of programs, measured: wall and processor time, and the most private memory they held.

Private memory is RssAnon of /proc/<pid>/status, read every two milliseconds while the program runs: heap,
stacks and anonymous maps. Pages of a mapped file are not in it, which the kernel may drop at any time.
"""

import os
import pathlib
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

EVERY_S = 0.002


@dataclass
class Run:
    seconds: float
    cpu_seconds: float  # user and system, children included
    private_mib: float
    exit: int


@dataclass
class Runs:
    """What one command did in all rounds."""
    runs: list = field(default_factory=list)

    def median(self):
        return statistics.median(run.seconds for run in self.runs)

    def summary(self):
        return {"seconds": round(self.median(), 4),
                "seconds_all": [round(run.seconds, 4) for run in self.runs],
                "cpu_seconds": round(statistics.median(run.cpu_seconds for run in self.runs), 4),
                "private_mib": round(max(run.private_mib for run in self.runs), 1)}


def anonymous_kib(pid):
    try:
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1])
    except (OSError, ValueError):
        pass
    return 0


def run(command, environment=None):
    """One run; its output is thrown away, its errors are kept and shown if it fails."""
    most, over = 0, threading.Event()
    start = time.perf_counter()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                               env=environment and {**os.environ, **environment})

    def watch():
        nonlocal most
        while not over.is_set():
            most = max(most, anonymous_kib(process.pid))
            time.sleep(EVERY_S)

    watcher = threading.Thread(target=watch)
    watcher.start()
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    over.set()
    watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):  # 1: done, with findings
        sys.exit(f"{' '.join(map(str, command))}\n{errors.decode(errors='replace')}exit {process.returncode}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, most / 1024, process.returncode)


def round_robin(commands, rounds):
    """`commands`: name -> (command, environment). All of them once a round, so that whatever else the machine
    does falls on all alike; one round before the first fills the page cache and is not counted."""
    for command, environment in commands.values():
        run(command, environment)
    out = {name: Runs() for name in commands}
    for _ in range(rounds):
        for name, (command, environment) in commands.items():
            out[name].runs.append(run(command, environment))
    return out
