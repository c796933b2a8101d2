# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""What the measured steps of a solid say of larger meshes and more ranks (a model, not a measurement), and of how well an
error is estimated."""
import math
import statistics

import numpy

from solid_runs import LARGE, TRAINING

SMALLEST = 9000  # dofs; below, seconds are not those of passes over memory
TARGET = {"dofs": 5_000_000, "ranks": 1000}
# Of a network between nodes: seconds of a halo exchange, and of one stage of a reduction.
LATENCY, STAGE, LEVELS, EXCHANGES_PER_LEVEL, REDUCTIONS = 20e-6, 2e-6, 5, 6, 3
SETUP_EFFICIENCY = 0.3


def ranks_of_values(values):
    """From 1; equal values share the mean of theirs."""
    values = numpy.asarray(values)
    _, where, count = numpy.unique(values, return_inverse=True, return_counts=True)
    last = numpy.cumsum(count)
    return (last - (count - 1) / 2.0)[where]


def quality(rows):
    """Of pairs (indicator, estimate, error): rank correlation, and the share of errors below the estimate."""
    if len(rows) < 3:
        return {"pairs": len(rows)}
    indicator, estimate, error = (numpy.array(column) for column in zip(*rows))
    return {"pairs": len(rows),
            "spearman": float(numpy.corrcoef(ranks_of_values(indicator), ranks_of_values(error))[0, 1]),
            "coverage": float(numpy.mean(error <= estimate))}


def pairs(run, with_mesh_steps=False):
    """Of the steps where the solid flows; those solved on the mesh have no estimate of their own."""
    table = run.get("history", {})
    columns = (table.get(name, []) for name in ("indicator", "estimate", "E_p", "high_fidelity"))
    return [(i, e, error) for i, e, error, mesh in zip(*columns) if error > 0 and i > 0 and (with_mesh_steps or not mesh)]


def coefficients(runs):
    """Seconds of one core for one dof, of every part; iterations as a power of the dofs; bytes. `runs` of one method on one
    number of ranks, or None if they are too few."""
    used = [r for r in runs if r.get("outcome") == "converged" and r["dofs"] >= SMALLEST] or [
        r for r in runs if r.get("outcome") == "converged"]
    if not used:
        return None

    def per_dof(seconds, count):
        return statistics.median(r["ranks"] * r[seconds] / (r["dofs"] * max(1, r[count])) for r in used)

    result = {"ranks": used[0]["ranks"], "smallest_dofs": min(r["dofs"] for r in used),
              "largest_dofs": max(r["dofs"] for r in used),
              "force": per_dof("force_seconds", "newton_iterations"),
              "tangent": per_dof("tangent_seconds", "newton_iterations"),
              "setup": per_dof("pc_setup_seconds", "pc_setup_count"),
              "iteration": per_dof("ksp_solve_seconds", "linear_iterations"),
              "newton_per_step": statistics.mean(r["newton_iterations"] / r["steps"] for r in used),
              "setups_per_newton": statistics.mean(r["pc_setup_count"] / r["newton_iterations"] for r in used)}
    its = [r["linear_iterations"] / r["newton_iterations"] for r in used]
    sizes = [float(r["dofs"]) for r in used]
    # Times and supports differ between them, so that no power of the dofs is fitted.
    result["least_iterations"], result["most_iterations"] = min(its), max(its)
    memory = [1e6 * r["peak_memory_mb"] for r in used]
    slope = numpy.polyfit(sizes, memory, 1) if len(used) > 1 else (memory[0] / sizes[0], 0.0)
    result["bytes_per_dof"], result["bytes_per_rank"] = max(0.0, float(slope[0])), max(0.0, float(slope[1]) / used[0]["ranks"])
    return result


def extrapolated(c, dofs, ranks):
    """Seconds of a step, with the least and the most iterations that were measured, and bytes of a rank."""
    mine = dofs / ranks
    network = 0.0 if ranks == 1 else LEVELS * EXCHANGES_PER_LEVEL * LATENCY + REDUCTIONS * STAGE * math.log2(ranks)
    setup = c["setups_per_newton"] * c["setup"] * mine / (SETUP_EFFICIENCY if ranks > 1 else 1.0)


    def seconds(its):
        return c["newton_per_step"] * (mine * (c["force"] + c["tangent"]) + setup + its * (mine * c["iteration"] + network))

    return {"dofs": dofs, "ranks": ranks, "least_seconds_per_step": seconds(c["least_iterations"]),
            "most_seconds_per_step": seconds(c["most_iterations"]),
            "bytes_per_rank": mine * c["bytes_per_dof"] + c["bytes_per_rank"]}


def training(points):
    """Modes and points on the most ranks: seconds and bytes of a dof, and of a rank of the target."""
    runs = [run for run in points.values() if run.get("outcome") == "converged"]
    runs = sorted((run for run in runs if run["ranks"] == max(r["ranks"] for r in runs)), key=lambda r: r["dofs"])
    if not runs:
        return {}
    last, (dofs, ranks) = runs[-1], TARGET.values()
    seconds = last["ranks"] * last["seconds_model"] / last["dofs"]
    byte, fixed = (numpy.polyfit([r["dofs"] for r in runs], [1e6 * r["peak_memory_mb"] for r in runs], 1) if len(runs) > 1 else
                   (1e6 * last["peak_memory_mb"] / last["dofs"], 0.0))
    return {"seconds_per_dof": seconds, "bytes_per_dof": float(byte), "largest_dofs": last["dofs"], "sweeps": last["sweeps"],
            "target_seconds": seconds * dofs / ranks + 2 * last["sweeps"] * STAGE * math.log2(ranks),
            "target_bytes_per_rank": float(byte) * dofs / ranks + max(0.0, float(fixed)) / last["ranks"]}


def steps_on_mesh(document):
    """Runs of part a, and all on large meshes that were recorded, with the default solver."""
    large = {key: {"method": "`gamg`", **run} for key, run in document["recorded"].items() if run["dofs"] > LARGE}
    return {**document["full"], **large}


def model(full, points):
    """Of `gamg` on the most ranks that were measured."""
    runs = [run for run in full.values() if run["method"] == "`gamg`" and run.get("outcome") == "converged"]
    if not runs:
        return {}
    most = max(run["ranks"] for run in runs)
    found = coefficients([run for run in runs if run["ranks"] == most])
    return {"coefficients": found, "target": extrapolated(found, **TARGET), "training": training(points),
            "assumptions": {"seconds_of_exchange": LATENCY, "seconds_of_reduction_stage": STAGE, "levels": LEVELS,
                            "exchanges_per_level": EXCHANGES_PER_LEVEL, "reductions_per_iteration": REDUCTIONS,
                            "efficiency_of_setup": SETUP_EFFICIENCY}}


def overall(adaptive):
    """Over the runs of loadings that were not learnt from: unenriched ones, enriched ones, all; the last also with the steps
    solved on the mesh, and of one cycle alone. A cycle that is the first of a longer run counts once. Then large meshes."""
    ended = [run for run in adaptive.values() if run.get("outcome") == "converged" and run["loading"] not in TRAINING]
    longest = {(run["loading"], run["target"], run["dofs"]): run["cycles"] for run in sorted(ended, key=lambda r: r["cycles"])}
    small = [run for run in ended if run["dofs"] <= LARGE]
    runs = [run for run in small if run["cycles"] == longest[run["loading"], run["target"], run["dofs"]]]
    plain = [run for run in runs if run["target"] == "none"]
    enriched = [run for run in runs if run["target"] != "none"]

    def together(some, with_mesh_steps=False):
        return quality([pair for run in some for pair in pairs(run, with_mesh_steps)])

    return {"unenriched": together(plain), "enriched": together(enriched), "all": together(runs),
            "all, steps on the mesh included": together(runs, True),
            "one cycle of each": together([run for run in small if run["cycles"] == 1]),
            "large mesh, not in the rows above": together([run for run in ended if run["dofs"] > LARGE])}
