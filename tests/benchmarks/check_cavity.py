# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""The benchmark of standing waves in a small cavity: every method solves for all sources, and sines around the multigrid
method for the Laplacian save at least a third of its iterations."""
import argparse
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    args = parser.parse_args()
    path = pathlib.Path(args.build) / "cavity.json"
    done = subprocess.run([sys.executable, str(ROOT / "benchmarks/run_cavity"), "--quick", "--build", args.build, "--output",
                           str(path)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    runs = json.loads(path.read_text())["runs"]
    for name, run in runs.items():
        if "iterations" not in run or max(run["relative_residuals"]) > 1e-7:
            sys.exit(f"{name}: {run}")
    sines, alone = (max(runs[name]["iterations"]) for name in ("`gmres`, `basis` of 128 sines around `boxmg`",
                                                               "`gmres`, `boxmg` for the Laplacian"))
    if 3 * sines > 2 * alone:
        sys.exit(f"{sines} iterations with sines, {alone} without")
    if "| MUMPS |" not in done.stdout:
        sys.exit(done.stdout)


if __name__ == "__main__":
    main()
