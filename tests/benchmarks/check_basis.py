# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""The benchmark of coarse spaces with few samples and problems: every method solves them, free spaces take the iterations they
are known to take, and trained modes of inclusions fewer."""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Means over the family to +-2 (32 x 32; Gauss-Seidel, sines): as measured with other programs on other samples.
KNOWN = {("lognormal", "symmetric Gauss-Seidel"): 40, ("lognormal", "`basis`, sines"): 11,
         ("lognormal", "`basis`, sines, Jacobi"): 15, ("lognormal", "`basis`, 8 x 8 bilinear"): 12}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    args = parser.parse_args()
    path = pathlib.Path(args.build) / "basis.json"
    done = subprocess.run([sys.executable, str(ROOT / "benchmarks/run_basis"), "--quick", "--build", args.build, "--output",
                           str(path)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    runs = {(r["kind"], r["method"]): r for r in json.loads(path.read_text())["runs"]}
    means = {}
    for key, run in runs.items():
        if "iterations" not in run or max(run["residuals"]) > 1.01e-8:
            sys.exit(f"{key}: {run}")
        means[key] = statistics.mean(run["iterations"])
    for key, wanted in KNOWN.items():
        if abs(means[key] - wanted) > 2:
            sys.exit(f"{key}: {means[key]} iterations, {wanted} +- 2 expected")
    if means["inclusions", "`basis`, POD"] > 0.6 * means["inclusions", "`basis`, sines"]:
        sys.exit(str(means))
    if "| `basis`, POD |" not in done.stdout:
        sys.exit(done.stdout)


if __name__ == "__main__":
    main()
