# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""The benchmark of learned roles with few problems on small grids: every method solves them; with inputs that training never
saw every role costs at most half as many iterations more as are needed without it, or refuses in one line, or stops where
the solve without it stops, too."""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
NEVER_WORSE = {"HINTS, DeepONet": 1.5, "`basis`, POD": 1.0, "`basis`, trunk": 1.0}
MAY_REFUSE = {"NaN in the coefficient": ["not finite"],
              "grid in three dimensions": ["in 2 dimensions", "points of 2 coordinates", "carries no coefficient"]}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    args = parser.parse_args()
    path = pathlib.Path(args.build) / "roles.json"
    done = subprocess.run([sys.executable, str(ROOT / "benchmarks/run_roles"), "--quick", "--build", args.build, "--output",
                           str(path)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    document = json.loads(path.read_text())
    for run in document["runs"]:
        if any(not r.startswith("CONVERGED") for r in run.get("reasons", ["refused"])) or max(run["residuals"]) > 1.2e-8:
            sys.exit(f"{run}")
    for entry in document["strange"]:
        role, situation, mine, plain = (entry[key] for key in ("role", "situation", "with", "without"))
        if "refused" in mine:
            if not any(words in mine["refused"] for words in MAY_REFUSE.get(situation, [])):
                sys.exit(f"{entry}")
        elif "NaN" in situation:
            if any(r.startswith("CONVERGED") for r in mine["reasons"]):
                sys.exit(f"{entry}")
        elif any(not r.startswith("CONVERGED") for r in mine["reasons"]) or max(mine["residuals"]) > 1.2e-8:
            sys.exit(f"{entry}")
        elif role in NEVER_WORSE and statistics.mean(mine["iterations"]) > NEVER_WORSE[role] * statistics.mean(
                plain["iterations"]):
            sys.exit(f"{entry}")
    if "| `fgmres`, HINTS, DeepONet |" not in done.stdout or "Refusals say" not in done.stdout:
        sys.exit(done.stdout)


if __name__ == "__main__":
    main()
