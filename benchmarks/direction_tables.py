# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Tables of the results of benchmarks/run_directions."""
import json

from directions import DECLARED, key
from pages import insert
from tables import table

CASES, METHODS = DECLARED["cases"], DECLARED["methods"]
CYCLE, DERIVED, TUNED = "mgno", "boxmg", "BoomerAMG tuned"
LEARNED = [name for name, m in METHODS.items() if "model" in m]
CLASSICAL = [name for name, m in METHODS.items() if "model" not in m]
PEERS = [name for name, m in METHODS.items() if not m.get("ours")]


class Results:
    def __init__(self, document):
        self.document = document
        self.ranks = next((ranks for counts in document["cases"].values() for ranks in counts), "1")

    def entry(self, case, cells, method):
        return self.document["cases"].get(key(case, cells), {}).get(self.ranks, {}).get(method)

    def converged(self, case, cells, methods):
        entries = {m: self.entry(case, cells, m) for m in methods}
        return {m: e for m, e in entries.items() if e and e["outcome"] == "converged"}

    def fastest(self, case, cells, methods):
        found = self.converged(case, cells, methods)
        return min(found, key=lambda m: found[m]["seconds"], default=None)

    def missing(self):
        """How many of the declared results are not there, and how many are declared."""
        declared = [(name, n, m) for name, case in CASES.items() for n in case["grids"] for m in METHODS]
        return sum(self.entry(*d) is None for d in declared), len(declared)

    def grids(self, case):
        stem = f"{case}_"
        return sorted(int(name[len(stem):]) for name in self.document["cases"] if name.startswith(stem))


def steps_of(case):
    return CASES[case].get("steps", 1)


def title_of(case, cells):
    return f"{CASES[case]['title']}, {cells}³"


def cell(case, entry):
    """Iterations: set-up + solve of one solve, or what happened instead."""
    if entry is None:
        return ""
    if entry["outcome"] != "converged":
        return entry["outcome"].split(":")[0]
    n = steps_of(case)
    count = f"{entry['iterations'] / n:.1f}" if n > 1 else f"{entry['iterations']}"
    return f"{count}: {entry['setup_seconds'] / n:.3f} + {entry['solve_seconds'] / n:.3f}"


def grid_table(results, cells):
    cases = [case for case in CASES if cells in results.grids(case)]
    rows = [[method] + [cell(case, results.entry(case, cells, method)) for case in cases] for method in METHODS
            if any(results.entry(case, cells, method) for case in cases)]
    return table([f"{cells}³", *(CASES[case]["title"] for case in cases)], rows)


def seconds_of(case, entry):
    """All repetitions, per solve."""
    return [(r["setup_seconds"] + r["solve_seconds"]) / steps_of(case) for r in entry["runs"]]


def break_even(case, learned, classical, training):
    """After how many solves the training has paid, by the medians; only where no repetition says otherwise, of two
    at least."""
    ours, theirs = seconds_of(case, learned), seconds_of(case, classical)
    saved = (classical["seconds"] - learned["seconds"]) / steps_of(case)
    if saved <= 0:
        return "never"
    if min(len(ours), len(theirs)) < 2 or max(ours) >= min(theirs):
        return "no clear gain"
    return f"{training / saved:.1e}" if training else "training not recorded"


def together(rows):
    """One row for a method that never pays, with the case where it comes nearest."""
    if not rows:
        return []
    def times(row):
        return float(row[3]) / max(float(row[4].split()[-1]), 1e-9)
    nearest = min(rows, key=times)
    return [[*nearest[:2], f"all {len(rows)}; nearest: {nearest[2]}", *nearest[3:]]]


def training_table(results):
    """On the largest grid of each case that the learned method solved."""
    rows = []
    for method in LEARNED:
        model = results.document.get("models", {}).get(method)
        if not model:
            continue
        own = []
        for case in CASES:
            solved = [n for n in results.grids(case) if results.converged(case, n, [method])]
            best = solved and results.fastest(case, solved[-1], CLASSICAL)
            if not best:
                continue
            learned, classical = results.entry(case, solved[-1], method), results.entry(case, solved[-1], best)
            training = model["training_seconds"]
            own.append([method, f"{training:.0f}" if training else "", title_of(case, solved[-1]),
                         f"{learned['seconds'] / steps_of(case):.3f}",
                         f"{best} {classical['seconds'] / steps_of(case):.3f}",
                         break_even(case, learned, classical, training)])
        rows += own if any(row[-1] != "never" for row in own) else together(own)
    head = ["learned", "training, s", "problem", "s per solve", "best without training, s per solve",
            "pays after solves"]
    return table(head, rows) if rows else ""


def cycle_table(results, least=64):
    """The learned cycle beside its peers, on the two largest grids; on small ones starting a run decides."""
    rows = []
    for case in ("clutter", "dam_break", "moving"):
        for cells in [n for n in results.grids(case) if n >= least and results.converged(case, n, [CYCLE])][-2:]:
            ours = results.entry(case, cells, CYCLE)
            row = [title_of(case, cells), cell(case, ours), cell(case, results.entry(case, cells, DERIVED))]
            for peer in (results.fastest(case, cells, PEERS), TUNED):
                entry = results.entry(case, cells, peer)
                ratio = (f"**{entry['seconds'] / ours['seconds']:.1f}**" if entry and entry["outcome"] == "converged"
                         else "")
                row += [(f"{peer} " if entry and peer != TUNED else "") + cell(case, entry), ratio]
            rows.append(row)
    head = ["problem", CYCLE, DERIVED, "best peer", f"its time / {CYCLE}", TUNED, f"its time / {CYCLE}"]
    return heading(results) + table(head, rows) if rows else f"No grid of {least}³ cells or more is measured yet.\n\n"


def heading(results):
    document = results.document
    repeated = sorted({e["repetitions"] for counts in document["cases"].values()
                       for e in counts[results.ranks].values()})
    counts = f"{repeated[0]} to {repeated[-1]}" if len(repeated) > 1 else f"{repeated[0] if repeated else 0}"
    absent, declared = results.missing()
    missing = f"**Not complete**: {absent} of {declared} results are missing. " if absent else ""
    busy = document.get("load", 0.0) > int(results.ranks) + 1
    other = f"**The machine had other work** (load {document['load']:.0f}): times are too long. " if busy else ""
    return (f"Measured on {document['machine']}, {results.ranks} rank{'s' if results.ranks != '1' else ''}, commit "
            f"{document['commit']}, {document['date']}, medians of {counts} repetition(s). {missing}{other}Iterations: "
            "seconds of set-up + solve; of the turning box per step, each with a set-up of its own.\n\n")


def limits(results):
    least = results.document["limits"]
    return (f"\"Over\" and \"left out\": a run may take {least['seconds']:g} s, unless it says another time, and "
            f"{least['memory_gb']:g} GB; one that by eight times what the grid before took cannot is not begun.\n\n")


def report(path, page, cycle_page):
    document = json.loads(path.read_text()) if path.exists() else {}
    if not document.get("cases"):
        raise SystemExit(f"{path} holds no results; measure first")
    results = Results(document)
    grids = sorted({n for case in CASES for n in results.grids(case)})
    text = heading(results) + "".join(grid_table(results, n) for n in grids) + limits(results)
    text += ("### What training costs and saves\n\nOn the largest grid that the learned method solved. Training pays "
             "after as many solves as its seconds hold those that a solve saves; a gain counts where no repetition "
             "says otherwise, of two at least. A method that never pays has one row, of the problem where it comes "
             "nearest.\n\n" + training_table(results))
    if page:
        insert(page, "results", text)
    if cycle_page:
        insert(cycle_page, "results", cycle_table(results))
