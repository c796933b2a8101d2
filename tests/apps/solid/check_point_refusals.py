#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Wrong histories: exit code, one line that names file and key, and no files; steps that must be cut are."""
import copy
import json
import os

import common
import point

GOOD = {"mode": "uniaxial", "temperature": 20, "time": {"knots": [0, 10], "steps": 5},
        "control": {"11": {"strain": {"t": [0, 10], "value": [0, 0.01]}}},
        "material": {"T": [0, 100], "E": 2e5, "nu": 0.3, "R0": 100, "K": 100, "n": 5}}


def changed(path, value):
    history = copy.deepcopy(GOOD)
    place = history
    for key in path[:-1]:
        place = place[key]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return history


DATA = {
    "syntax": ("{\"mode\": ", "syntax_input.json: line 1"),
    "empty": ("", "empty_input.json: line 1"),
    "unknown_key": (changed(["temprature"], 20), "'temprature' is unknown; did you mean 'temperature'?"),
    "mode": (changed(["mode"], "biaxial"), "'mode' must be one of uniaxial, six_components"),
    "no_time": (changed(["time"], None), "'time' is missing"),
    "steps": (changed(["time", "steps"], 0), "'time.steps' must be a whole number from 1"),
    "short_table": (changed(["control", "11", "strain", "t"], [0, 9]), "'control.11.strain.t' must reach from 0 to 10"),
    "shear": (changed(["control", "12"], {"strain": 0}), "'control.12' is unknown"),
    "both": (changed(["control", "11", "stress"], 1), "'control.11' needs one of 'strain' and 'stress'"),
    "young": (changed(["material", "E"], -1), "material: 'E' must be positive, got -1"),
    "lengths": (changed(["material", "nu"], [0.3, 0.3, 0.3]), "material: 'nu' has 3 entries and 'T' has 2"),
    "file": (changed(["material"], "nowhere.json"), "nowhere.json: cannot read the material file"),
}


def expect_line(text, name, line):
    errors = [part for part in text.splitlines() if part.startswith("solid: ") and line in part]
    if len(errors) != 1:
        common.fail(f"{name}: no line with {line!r} in\n{text}")


def main():
    args = common.arguments()
    os.makedirs(args.work, exist_ok=True)
    for name, (history, line) in DATA.items():
        expect_line(point.run(args, name, history, expect=4), name, line)
        if os.path.exists(os.path.join(args.work, name + ".h5")):
            common.fail(f"{name}: wrote a file")
    point.run(args, "good", GOOD)
    hot = changed(["temperature"], 150)
    expect_line(point.run(args, "refused", hot, "-solid_temperature_outside", "refuse", expect=4), "refused",
                "the temperature 150 at t = 0 is outside of the material's table, 0 to 100")
    expect_line(point.run(args, "clamped", hot), "clamped", "its nearest row holds there")
    limit = changed(["control", "11"], {"stress": {"t": [0, 10], "value": [0, 120]}})
    limit["material"] = {"E": 2e5, "nu": 0.3, "R0": 100}
    expect_line(point.run(args, "limit", limit, ranks=2, expect=3), "limit", "found no equilibrium")
    # The material that the history names is an input, too.
    table = os.path.join(args.work, "own.csv")
    with open(table, "w", encoding="utf-8") as file:
        json.dump(GOOD["material"], file)
    expect_line(point.run(args, "own", changed(["material"], "own.csv"), ranks=2, expect=2), "own", "own.csv is read by -solid_point")
    with open(table, encoding="utf-8") as file:
        if json.load(file) != GOOD["material"]:
            common.fail("a material was overwritten")


if __name__ == "__main__":
    main()
