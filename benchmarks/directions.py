# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""What benchmarks/run_directions measures: cases, methods and models of directions.json, and runs that are in vain."""
import json
import os
import pathlib
import tempfile

import measure

DECLARED = json.loads((measure.HERE / "directions.json").read_text())
GROWTH = 8  # of time and memory from one grid to the next: that of the cells, the least there is


def models_of(methods):
    """Of each method with a model that is there: its file, its checksum, and the seconds of its training, as the
    model says it, else as directions.json does. A model that is not there leaves its method out."""
    import h5py  # only measuring reads models

    found = {}
    for name, method in methods.items():
        if not (measure.ROOT / method.get("model", "")).is_file():
            continue
        with h5py.File(measure.ROOT / method["model"]) as file:
            said = file["provenance"].attrs.get("training_seconds")
            found[name] = {"file": method["model"], "checksum": str(file.attrs["checksum"]),
                           "training_seconds": float(said) if said is not None else
                           DECLARED["training_seconds"].get(method["model"])}
    return found


def key(case, cells):
    return f"{case}_{cells}"


def options_of(case, cells, method):
    options = ["-options_file", f"inputs/diffusion/{case['deck']}.yaml"] if "deck" in case else []
    options += case.get("options", []) + ["-diffusion_grid", str(cells)] + method["options"]
    if method.get("geometric"):
        options += ["-pc_mg_levels", str(measure.levels_of([cells] * 3))]
    if method.get("compress") and not case.get("singular"):  # a singular system keeps its rows
        options += ["-diffusion_compress_solids"]
    if "model" in method:
        options += [method["model_option"], method["model"]]
    return options


def run(build, case, cells, ranks, method, limit):
    """One run; a dictionary as measure.measure() gives it."""
    with tempfile.TemporaryDirectory() as folder:
        results = os.path.join(folder, "results.json")
        command = ["mpirun", "-n", str(ranks), str(build / "apps/diffusion"), *options_of(case, cells, method),
                   "-ksp_rtol", "1e-6", "-ksp_max_it", "5000", "-diffusion_output", "none",
                   "-linnet_results", results, "-linnet_unused_options", "ignore"]
        code, _, err, wall = measure.run(command, limit)
        result = json.loads(pathlib.Path(results).read_text()) if os.path.exists(results) else None
    record = {"wall_seconds": round(wall, 3)}
    if code is None:
        return {**record, "outcome": f"over {limit:g} s"}
    if result is None:
        return {**record, "outcome": "failed: " + measure.reason_of(code, err)}
    record.update({name: result[name] for name in measure.KEPT})
    record["outcome"] = ("converged" if result["converged"] else
                         f"not converged: {result.get('reason')}, {result['iterations']} iterations")
    return record


def in_vain(smaller, limit, gigabytes):
    """Why a run is not begun, from the entry of the same method on the grid of half as many cells a direction."""
    if smaller is None:
        return None
    if smaller["outcome"] != "converged":
        return f"left out: {smaller['outcome'].removeprefix('left out: ')}"
    seconds = GROWTH * max(r["wall_seconds"] for r in smaller["runs"])
    if seconds > limit:
        return f"left out: {seconds:.0f} s expected"
    memory = GROWTH * smaller["peak_memory_mb"] / 1000
    if memory > gigabytes:
        return f"left out: {memory:.0f} GB expected"
    return None
