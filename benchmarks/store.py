# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""The results file: one document per commit and machine, saved after every run."""
import contextlib
import datetime
import fcntl
import json
import os
import statistics
import subprocess

from measure import ROOT

# Changes elsewhere do not change what is measured.
MEASURED = ["src", "apps", "benchmarks", "inputs", "meshes", "cmake", "CMakeLists.txt", "CMakePresets.json",
            ":!benchmarks/results"]
MEDIANS = ("setup_seconds", "solve_seconds", "peak_memory_mb")


def commit(measured=MEASURED):
    """The last one that changed what is measured."""
    def git(*words):
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True).stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", *measured)
    last = git("log", "-1", "--abbrev=10", "--format=%h", "--", *measured)
    return (last or "unknown") + ("-dirty" if changed else "")


def machine():
    with open("/proc/cpuinfo") as file:
        lines = [line.split(":") for line in file if ":" in line]
    found = {name.strip(): value.strip() for name, value in reversed(lines)}
    name = found.get("model name", "unknown processor")
    # What virtual machines say of all processors of a maker.
    if name == "Intel(R) Xeon(R) Processor":
        name += f" (family {found.get('cpu family')}, model {found.get('model')})"
    return f"{name}, {os.cpu_count()} cores"


def summary(runs):
    """What the repetitions amount to; medians over those that ended."""
    ended = [r for r in runs if "solve_seconds" in r]
    if not ended or ended != runs:
        return {"outcome": next(r["outcome"] for r in runs if "solve_seconds" not in r), "repetitions": len(runs)}
    result = {"outcome": next((r["outcome"] for r in runs if not r["converged"]), "converged"),
              "iterations": runs[0]["iterations"], "unknowns": runs[0]["unknowns"],
              "relative_residual": max(r["relative_residual"] for r in runs), "repetitions": len(runs)}
    for key in MEDIANS:
        result[key] = statistics.median(r[key] for r in runs)
    result["seconds"] = statistics.median(r["setup_seconds"] + r["solve_seconds"] for r in runs)
    for key in ("cycle", "cycle_bytes", "vector_bytes", "renewal_bytes", "renewals"):
        if key in runs[-1]:
            result[key] = runs[-1][key]
    return result


def write(path, document):
    """All of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(".part")
    scratch.write_text(json.dumps(document, indent=1) + "\n")
    scratch.replace(path)


class SharedFile:
    """A results file that several processes may add to at the same time."""

    def __init__(self, path):
        self.path = path

    def read(self):
        return json.loads(self.path.read_text()) if self.path.exists() else {}

    @contextlib.contextmanager
    def changed(self):
        """The document, which is written when the block ends."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(self.path.parent, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            document = self.read()
            yield document
            write(self.path, document)
        finally:
            os.close(lock)


class Store:
    """`document["cases"][case][ranks][method]` has `runs` and their summary."""

    def __init__(self, path, settings):
        self.path = path
        old = json.loads(path.read_text()) if path.exists() else {}
        if not isinstance(old.get("cases", {}), dict):
            old = {}
        self.earlier = old
        key = {"commit": commit(), "machine": machine(), "settings": settings}
        self.resumed = bool(old.get("cases")) and all(old.get(name) == value for name, value in key.items())
        self.document = old if self.resumed else {**key, "date": datetime.date.today().isoformat(), "cases": {}}

    def entry(self, case, ranks, method):
        return self.document["cases"].get(case, {}).get(str(ranks), {}).get(method)

    def add(self, case, ranks, method, run):
        place = self.document["cases"].setdefault(case, {}).setdefault(str(ranks), {})
        runs = place.get(method, {}).get("runs", []) + [run]
        place[method] = {**summary(runs), "runs": runs}
        self.save()

    def drop(self, case, ranks, method):
        self.document["cases"].get(case, {}).get(str(ranks), {}).pop(method, None)

    def set(self, key, value):
        self.document[key] = value
        self.save()

    def expected_seconds(self, case, ranks, method):
        """Of a whole run, from this or an earlier document; None if it is not there."""
        entry = self.earlier.get("cases", {}).get(case, {}).get(str(ranks), {}).get(method)
        return max(r["wall_seconds"] for r in entry["runs"]) if entry and entry.get("runs") else None

    def save(self):
        write(self.path, self.document)
