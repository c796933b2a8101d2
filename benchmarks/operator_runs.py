# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""What benchmarks/run_deeponet trains: the cases of deeponet_cases.json, one run for each of their seeds."""
import datetime
import hashlib
import json

import measure
import operator_least_squares
import store

# Pages and scripts do not change what a run comes to.
MEASURED = ["src", "apps", "cmake", "CMakeLists.txt", "CMakePresets.json"]
ERRORS = ("mean_square", "mean_square_trimmed", "relative_l2")
SMALL = {"training": 200, "held_out": 100, "test": 200, "steps": 4}


def declared():
    """Name -> case; a series of cases has a name for each of its values, as functions/250."""
    document = json.loads((measure.HERE / "deeponet_cases.json").read_text())
    cases, series = dict(document["cases"]), document["series"]
    for name in (n for n in series if n != "common"):
        for value in series[name]["values"]:
            case = {**series["common"], **series[name].get("with", {}), "series": name, "value": value}
            case.update({key: value for key in series[name].get("sets", [])})
            if "option" in series[name]:
                case["options"] = case["options"] + [series[name]["option"], str(value)]
            cases[f"{name}/{value}"] = case
    return cases, {name: s for name, s in series.items() if name != "common"}


def smaller(case):
    """The same case as a test: a few samples and steps."""
    training = case["value"] // 2 if case.get("series") == "functions" else min(SMALL["training"], case["training"] // 5)
    batch = training if case["batch"] == case["training"] else training // 2
    return {**case, **SMALL, "training": training, "batch": batch, "test": min(SMALL["test"], case["test"] // 5),
            "held_out": SMALL["held_out"] if case["held_out"] else 0, "seeds": 1, "long": {}, "milestones": [2, 4],
            "draws": min(100, case.get("draws", 0)),
            "least_squares": [[min(3, r), min(5, w)] for r, w in case.get("least_squares", [])[:2]]}


def steps_of(case, seed):
    return case.get("long", {}).get(str(seed), case["steps"])


def options_of(case, seed):
    """What a run takes, beside the names of its files."""
    steps = steps_of(case, seed)
    epochs, left = divmod(steps * case["batch"], case["training"])
    if left:
        raise SystemExit(f"{steps} steps are no whole number of epochs")
    options = ["-options_file", f"inputs/train/{case['deck']}.yaml", *case.get("options", []),
               "-train_seed", seed, "-train_samples", case["training"] + case["held_out"] + case["test"],
               "-train_validation", case["held_out"], "-train_test", case["test"], "-train_batch", case["batch"],
               "-train_epochs", epochs]
    return [str(option) for option in options]


def settings_of(case, seed):
    """All that decides what a run comes to beside the code: options, and what the deck says."""
    lines = (measure.ROOT / f"inputs/train/{case['deck']}.yaml").read_text().splitlines()
    said = "\n".join(line.split("#")[0].rstrip() for line in lines if line.split("#")[0].strip())
    return {"options": options_of(case, seed), "deck": hashlib.sha256(said.encode()).hexdigest()[:16]}


def is_current(record, case, seed):
    return all(record.get(key) == value for key, value in settings_of(case, seed).items())


def label(components, features):
    return f"{components}+{features}" if features else str(components)


def fits(case, path):
    """Least squares on the samples of a run."""
    wanted = case.get("least_squares", [])
    samples = operator_least_squares.read(path) if wanted else None
    return {label(r, w): operator_least_squares.fit(samples, case["training"], case["test"], r, w) for r, w in wanted}


def record_of(case, seed, commit, results, path):
    """What is kept of the results file of a run of the code of `commit`, and of its samples."""
    curve = results["train"]["loss_held_out"] if case["held_out"] else []
    each = case["training"] // case["batch"]  # steps of an epoch
    record = {**settings_of(case, seed), "commit": commit, "machine": store.machine(),
              "date": datetime.date.today().isoformat(), "steps": steps_of(case, seed),
              "parameters": results["unknowns"], "training": results["train"]["loss"][-1],
              "held_out": {str(n): curve[n // each - 1] for n in case.get("milestones", []) if n // each <= len(curve)}}
    if curve:
        record["least_held_out"] = min(curve)
    record.update({name: results["errors"][f"test_{name}"] for name in ERRORS})
    record["least_squares"] = fits(case, path)
    return record


def run(arguments, folder, case, seed):
    """One run, with least squares on its samples."""
    samples, output, commit = folder / "samples.h5", folder / "results.json", store.commit(MEASURED)
    command = ["mpirun", "-n", str(arguments.ranks), str(measure.ROOT / arguments.build / "apps/train"),
               *options_of(case, seed), "-train_samples_file", str(samples), "-train_checkpoint_every", "0",
               "-train_output", str(folder / "run"), "-linnet_results", str(output), "-linnet_quiet"]
    code, _, err, _ = measure.run(command, arguments.limit)
    if code != 0:
        raise SystemExit(f"train failed: {measure.reason_of(code, err)}")
    return record_of(case, seed, commit, json.loads(output.read_text()), samples)


def unsolved(arguments, name, case):
    """Inputs of a case without a solution, of the first draws with each of its seeds."""
    problem = case["options"][case["options"].index("-train_data") + 1]
    found = 0
    for seed in range(case["seeds"]):
        code, out, err, _ = measure.run([str(measure.ROOT / arguments.build / "benchmarks/operators"), "-problems", problem,
                                         "-draws", str(case["draws"]), "-seed", str(seed)], arguments.limit)
        if code != 0:
            raise SystemExit(f"operators failed: {measure.reason_of(code, err)}")
        found += int(out.split()[-1])
    return {"draws": case["draws"] * case["seeds"], "unsolved": found}


class Records:
    """Runs by case and seed in a part of the results file, which several processes may add to. A run whose options or
    deck are no longer those declared does not count. `file`: a store.SharedFile."""

    def __init__(self, file):
        self.file = file

    def find(self, name, case, seed):
        record = self.file.read().get("runs", {}).get(name, {}).get(str(seed))
        return record if record and is_current(record, case, seed) else None

    def add(self, name, seed, record):
        with self.file.changed() as document:
            document.setdefault("runs", {}).setdefault(name, {})[str(seed)] = record
