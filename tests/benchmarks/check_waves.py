# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""The shipped model of waves on media of another seed than that of its training: few iterations, to a true residual."""
import argparse
import json
import subprocess
import sys

MOST_ITERATIONS = 20  # 13 to 15 on ten media; minres takes 1085


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--model", required=True)
    args = parser.parse_args()
    for method in ("gcr", "fgmres"):
        for number in range(3):
            done = subprocess.run(
                [args.program, "-nodes", "65", "-frequency", "660", "-number", str(number), "-ksp_type", method,
                 "-ksp_rtol", "1e-8", "-pc_type", "neural", "-pc_neural_model", args.model], capture_output=True, text=True)
            if done.returncode != 0:
                sys.exit(done.stdout + done.stderr)
            found = json.loads(done.stdout)
            if not found["relative_residual"] <= 1.0001e-8 or found["iterations"] > MOST_ITERATIONS:
                sys.exit(f"{method}, medium {number}: {found}")


if __name__ == "__main__":
    main()
