# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""benchmarks/run_solid on a tiny mesh: parts of seconds make up the whole, errors and steps agree with the history of each
run, the adaptive run is better than the reduced one, a second run measures nothing again, tables stand between their
markers."""
import argparse
import json
import math
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))
import solid_tables  # noqa: E402
METHODS = {"`gamg`", "BoomerAMG", "BoomerAMG, nodal", "MUMPS"}
SECTIONS = ("full", "reduced", "adaptive", "quality", "training", "model", "published", "large", "direct")


def require(holds, what):
    if not holds:
        sys.exit(str(what))


def same(a, b, tolerance=1e-9):
    return math.isclose(a, b, rel_tol=tolerance, abs_tol=1e-12)


def check_full(runs):
    require({run["method"] for run in runs} == METHODS, runs)
    for run in runs:
        require(run["outcome"] == "converged", run)
        require(run["dofs"] == 3 * math.prod(n + 1 for n in run["cells"]), run)
        require(same(run["solve_seconds"], run["force_seconds"] + run["tangent_seconds"] + run["linear_seconds"]), run)
        require(same(run["seconds_per_step"], run["solve_seconds"] / run["steps"]), run)
        require(0 < run["pc_setup_seconds"] + run["ksp_solve_seconds"] <= 1.05 * run["linear_seconds"] + 0.1, run)
        require(run["steps"] <= run["newton_iterations"], run)
        require(0 < run["pc_setup_count"] <= run["newton_iterations"] + run["steps"], run)
    # Whatever solves the linear systems, the solid is the same, to the tolerance of Newton's method.
    for size in {run["size"] for run in runs}:
        strains = [run["max_p"] for run in runs if run["size"] == size]
        require(max(strains) - min(strains) <= 1e-5 * max(strains), strains)


def check_history(run):
    table = run["history"]
    require(same(max(table["E_p"]), run["E_p_max"]) and same(max(table["E_u"]), run["E_u_max"]), run)
    require(sum(table["high_fidelity"]) == run["hf_steps"] and len(table["t"]) == run["steps"], run)
    require(same(run["speed_up"], run["mesh_seconds"] / run["seconds"]), run)


def check_adaptive(runs):
    plain, adaptive = runs["4x2x8, C, 1, none"], runs["4x2x8, C, 1, 0.1"]
    for run in (plain, adaptive):
        check_history(run)
    require(plain["hf_steps"] == 0 and 0 < adaptive["hf_steps"] < adaptive["steps"], adaptive["hf_steps"])
    require(adaptive["E_p_max"] < 0.1 < 0.5 < plain["E_p_max"], [adaptive["E_p_max"], plain["E_p_max"]])
    parts = sum(adaptive[f"seconds_{part}"] for part in ("pre_enrichment", "reduced", "hf", "replay", "update"))
    require(same(parts, adaptive["solve_seconds"], 1e-6), adaptive)
    trusted = [e for e, mesh in zip(adaptive["history"]["estimate"], adaptive["history"]["high_fidelity"]) if not mesh]
    require(max(trusted) <= 0.1, trusted)


def check_direct(runs):
    mesh, adaptive = runs["4x2x8, C, 1, mesh"], runs["4x2x8, C, 1, 0.1"]
    require("-pc_factor_mat_solver_type mumps" in mesh["command"] and "mumps" in adaptive["command"], runs)
    require(same(adaptive["mesh_seconds"], mesh["setup_seconds"] + mesh["solve_seconds"]), adaptive)
    check_history(adaptive)


def check_rest(document):
    reduced = document["reduced"]["4x2x8"]
    require(same(reduced["median_seconds_per_step"] * reduced["ratio"], reduced["mesh_seconds_per_step"]), reduced)
    points = document["points"]["4x2x8, 1"]
    require(0 < points["sweep_seconds"] <= points["seconds_model"] and points["calibration_pairs"] == 0, points)
    require(document["training"]["4x2x8"]["calibration_pairs"] >= 200, document["training"])
    quality = document["quality"]
    require(quality["all"]["pairs"] == quality["unenriched"]["pairs"] + quality["enriched"]["pairs"] > 20, quality)
    require(0 <= quality["all"]["coverage"] <= 1 and -1 <= quality["all"]["spearman"] <= 1, quality)
    target = document["model"]["target"]
    require(target["dofs"] == 5_000_000 and 0 < target["least_seconds_per_step"] <= target["most_seconds_per_step"] and target["bytes_per_rank"] > 0, target)
    require(document["machine"] and document["commit"], document["machine"])


def check_large_table():
    """A row for each run on a large mesh, in the order in which they are made."""
    run = {"dofs": 200_000, "ranks": 2, "outcome": "converged", "steps": 8, "newton_iterations": 24, "linear_iterations": 960,
           "wall_seconds": 300.0, "peak_memory_mb": 5000.0, "modes_u": 9, "modes_p": 8, "modes_sigma": 7, "points": 99,
           "loading": "C", "E_p_max": 0.02, "hf_steps": 3}
    document = {"recorded": {"66x20x130, A, 1": run}, "training": {"66x20x130": run},
                "adaptive": {"none": {**run, "target": "none"}, "0.2": {**run, "target": "0.2"},
                             "over": {**run, "target": "0.1", "outcome": "over 10 s"}}}
    rows = [[word.strip() for word in line.split("|")[3:8]] for line in solid_tables.large_table(document).splitlines()
            if line.startswith("| 200000")]
    require([row[0] for row in rows] == ["A, on the mesh, recorded", "training", "C, reduced", "C, adaptive, target 0.2",
                                         "C, adaptive, target 0.1"], rows)
    require(rows[0][1:4] == ["8 of 8", "3.0", "40"] and rows[3][1] == "3 of 8" and rows[4][1] == "over 10 s", rows)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    args = parser.parse_args()
    shutil.rmtree(args.work, ignore_errors=True)
    args.work.mkdir(parents=True)
    page, output = args.work / "solid_benchmarks.md", args.work / "solid.json"
    page.write_text("".join(f"<!-- begin {part} -->\nold\n<!-- end {part} -->\n" for part in SECTIONS))
    check_large_table()
    command = [sys.executable, str(ROOT / "benchmarks/run_solid"), "--quick", "--build", args.build, "--work",
               args.work / "files", "--output", output, "--page", page]
    printed = []
    for _ in range(2):
        done = subprocess.run(command, capture_output=True, text=True)
        require(done.returncode == 0, done.stdout + done.stderr)
        printed.append([line for line in done.stdout.splitlines() if " ... " in line])
    require(printed[0] and not printed[1], f"a second run measures again: {printed[1]}")
    document = json.loads(output.read_text())
    check_full(list(document["full"].values()))
    check_adaptive(document["adaptive"])
    check_direct(document["direct"])
    check_rest(document)
    text = page.read_text()
    require(text.count("Not measured") == 1, "no mesh of these is large, and all else is measured")
    require("old" not in text and "images/solid_benchmarks.svg" in text, text)


if __name__ == "__main__":
    main()
