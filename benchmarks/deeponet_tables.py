# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Tables and the figure of the results of benchmarks/run_deeponet."""
import math
import os
import statistics

import log_plot
import operator_runs
from pages import insert
from tables import table

BASELINE = "antiderivative"


def spread(values, form=lambda v: f"{v:.1e}"):
    """The median and, of several values, the range."""
    middle = form(statistics.median(values))
    return f"{middle} ({form(min(values))} to {form(max(values))})" if len(values) > 1 else middle


def percent(value):
    return f"{100 * value:.2g} %"


def provenance(records):
    def all_of(key):
        return ", ".join(sorted({r[key] for r in records}))

    return f"Measured on {all_of('machine')}, commit {all_of('commit')}, {max(r['date'] for r in records)}"


def count(number):
    return f"{number:,}" if number > 9999 else str(number)


class Results:
    """The runs of a document by the names of declared cases, seeds in order."""

    def __init__(self, document, cases):
        runs = document.get("runs", {})
        self.unsolved = document.get("unsolved", {})
        self.declared = sum(case["seeds"] for case in cases.values())
        made = sum(seed in runs.get(name, {}) and operator_runs.is_current(runs[name][seed], case, int(seed))
                   for name, case in cases.items() for seed in map(str, range(case["seeds"])))
        self.missing = self.declared - made
        self.cases = {name: case for name, case in cases.items() if name in runs}
        self.runs = {name: [runs[name][seed] for seed in sorted(runs[name], key=int)] for name in self.cases}

    def records(self, names):
        return [r for name in names for r in self.runs[name]]

    def labels(self, name):
        """Of the rows of least squares that are declared."""
        return [operator_runs.label(r, w) for r, w in self.cases[name].get("least_squares", [])]

    def least_squares(self, name, label, error="mean_square"):
        return [r["least_squares"][label][error] for r in self.runs[name]]


def seeds_text(records):
    return f"median and range of {len(records)} seeds" if len(records) > 1 else "one seed"


def accuracy_text(results):
    """The antiderivative by steps."""
    runs = results.runs[BASELINE]
    rows = []
    for n in dict.fromkeys(n for r in runs for n in r["held_out"]):
        values = [r["held_out"][n] for r in runs if n in r["held_out"]]
        few = f" ({len(values)} of the seeds)" if len(values) < len(runs) else ""
        rows.append([f"DeepONet, {count(int(n))} steps{few}", spread(values)])
    for steps in sorted({r["steps"] for r in runs}):
        some = [r for r in runs if r["steps"] == steps]
        which = f"{count(steps)} steps" + (f" ({len(some)} of the seeds)" if len(some) < len(runs) else "")
        rows.append([f"best of {which}", spread([r["least_held_out"] for r in some])])
        rows.append([f"{which}, then the last layer by least squares, {count(results.cases[BASELINE]['test'])} other functions",
                     spread([r["mean_square"] for r in some])])
    rows += [[f"linear least squares, {label} components", spread(results.least_squares(BASELINE, label))]
             for label in results.labels(BASELINE)]
    return (f"{provenance(runs)}. Mean square error on functions not seen in training, {seeds_text(runs)}:\n\n" +
            table(["", "mean square"], rows))


def fit_name(label):
    """Of a row of least squares, from `components+features`."""
    components, _, features = label.partition("+")
    return f"{components} components" + (f", {features} features" if features else "")


def best_fits(results, name):
    """The best linear fit, and the best one with random features, in the median."""
    labels = results.labels(name)
    kinds = [[x for x in labels if "+" not in x], [x for x in labels if "+" in x]]
    return [min(kind, key=lambda x: statistics.median(results.least_squares(name, x)), default=None) for kind in kinds]


def problem_row(results, name):
    case, runs = results.cases[name], results.runs[name]
    row = [case["title"], str(len(runs)), count(runs[0]["steps"]),
           spread([r["mean_square"] for r in runs]),
           spread([r["mean_square_trimmed"] for r in runs]),
           spread([r["relative_l2"] for r in runs], percent)]
    for label in best_fits(results, name):
        row.append("" if label is None else f"{statistics.median(results.least_squares(name, label)):.1e}, "
                   f"{percent(statistics.median(results.least_squares(name, label, 'relative_l2')))} ({label})")
    return row + [case.get("reported", "")]


def steps_text(results, names):
    """Errors on held-out functions on the way, where a case has them."""
    lines = []
    for name in names:
        runs = [r for r in results.runs[name] if len(r["held_out"]) > 1]
        if runs:
            parts = [f"{spread([r['held_out'][n] for r in runs])} after {count(int(n))}" for n in runs[0]["held_out"]]
            lines.append(f"- {results.cases[name]['title']}: {', '.join(parts)} steps\n")
    return "On the way, the mean square on functions held out:\n\n" + "".join(lines) + "\n" if lines else ""


def unsolved_text(results):
    lines = [f"Of {count(found['draws'])} inputs of `{name}` {found['unsolved']} "
             f"({100 * found['unsolved'] / found['draws']:.2f} %) have no solution and are drawn anew.\n"
             for name, found in results.unsolved.items()]
    return "".join(lines) + "\n" if lines else ""


def command(record):
    return "mpirun -n 2 build/apps/train " + " ".join(record["options"]) + "\n"


def problems_text(results):
    """All cases but the antiderivative and those of series."""
    names = [name for name, case in results.cases.items() if "series" not in case and name != BASELINE]
    head = ["problem", "seeds", "steps", "mean square", "without the worst thousandth", "relative L²",
            "linear least squares", "with random features", "reported"]
    text = (f"{provenance(results.records(names))}. On test functions, median and range of the seeds; of least squares the "
            "medians, in brackets components+features:\n\n" + table(head, [problem_row(results, name) for name in names]))
    text += steps_text(results, names) + unsolved_text(results)
    if results.missing:
        text += (f"Not complete: {results.missing} of the {results.declared} runs that are declared, seeds and the figure below "
                 "counted, are not made yet; `benchmarks/run_deeponet` goes on with them.\n\n")
    text += "Seed 0 of each, the others with another `-train_seed`:\n\n```text\n"
    return text + "".join(command(results.runs[name][0]) for name in names) + "```\n"


def geometric_mean(values):
    return math.exp(statistics.fmean(map(math.log, values)))


def slope(x, y):
    """Of a straight line by least squares."""
    mean_x, mean_y = statistics.fmean(x), statistics.fmean(y)
    return sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y)) / sum((a - mean_x) ** 2 for a in x)


def law(points, declared):
    """How a curve [(x, values)] falls: as a power of x, or by a factor for each unit of it, up to a declared place."""
    some = [p for p in points if p[0] <= declared.get("until", math.inf)]
    if len(some) < 2:
        return ""
    logarithms = [math.log(geometric_mean(values)) for _, values in some]
    letter = declared["letter"]
    if declared["law"] == "power":
        return f"{letter}<sup>{slope([math.log(x) for x, _ in some], logarithms):.1f}</sup>"
    return f"{math.exp(-slope([x for x, _ in some], logarithms)):.1f}<sup>−{letter}</sup> up to {letter} = {some[-1][0]}"


def curves(results, series):
    """Title -> [(x, values of the seeds)] of the networks and of all rows of least squares."""
    names = [name for name, case in results.cases.items() if case.get("series") == series]
    found = {"DeepONet": [(results.cases[n]["value"], [r["mean_square"] for r in results.runs[n]]) for n in names]}
    for label in results.labels(names[0]) if names else []:
        found[f"least squares, {fit_name(label)}"] = [(results.cases[n]["value"], results.least_squares(n, label))
                                                      for n in names]
    return names, found


def convergence_text(results, series, picture, page):
    panels, rows, records = {}, [], []
    for name, declared in series.items():
        names, found = curves(results, name)
        if len(names) < 2:
            continue
        records += results.records(names)
        panels[declared["title"]] = found
        for title, points in found.items():
            rows.append([title, declared["title"], ", ".join(f"{geometric_mean(v):.1e} ({x:g})" for x, v in points),
                         law(points, declared)])
    if not panels:
        return "Not measured.\n"
    fewest, most = (end(len(results.runs[n]) for n in results.cases if "series" in results.cases[n]) for end in (min, max))
    seeds = f"{fewest} to {most} seeds" if fewest < most else f"{most} seed{'s' if most > 1 else ''}"
    heading = f"Pendulum, {count(records[0]['steps'])} steps, mean square on test functions, {seeds}"
    picture.write_text(log_plot.plot(panels, heading, geometric_mean))
    several = f"Means of logarithms over {seeds}; bars in the figure are ranges. " if most > 1 else ""
    return (f"![{heading}]({os.path.relpath(picture, page.parent)})\n\n"
            f"{provenance(records)}. {several}In brackets the number of functions or sensors, in the last column the law through "
            "these points by least squares on logarithms:\n\n" +
            table(["", "against", "mean square", "law"], rows) + "```text\n" +
            "".join(command(results.runs[n][0]) for n in (curves(results, s)[0][0] for s in series if curves(results, s)[0])) +
            "```\n")


def speed_text(part):
    rows = []
    for r in part["results"]:
        ours = statistics.median(r["linnet"])
        other = statistics.median(r["torch"]) if r["torch"] else None
        rows.append([str(r["cores"]), f"{1e3 * ours:.2f} ms", f"{1e3 * other:.2f} ms" if other else "",
                     f"{other / ours:.2f}" if other else ""])
    version = part["results"][0]["torch_version"]
    return (f"{provenance([part])}{f', PyTorch {version}' if version else ''}. A step on all 10,000 triples, medians of "
            f"{len(part['results'][0]['linnet'])}:\n\n" + table(["cores", "Linnet", "PyTorch", "ratio"], rows))


def fill(page, picture, document, cases, series):
    """Puts all that is there between the markers of the page."""
    results = Results(document, cases)
    if BASELINE in results.runs:
        insert(page, "accuracy", accuracy_text(results))
    if any("series" not in case and name != BASELINE for name, case in results.cases.items()):
        insert(page, "problems", problems_text(results))
    if any("series" in case for case in results.cases.values()):
        insert(page, "convergence", convergence_text(results, series, picture, page))
    if "speed" in document:
        insert(page, "speed", speed_text(document["speed"]))
