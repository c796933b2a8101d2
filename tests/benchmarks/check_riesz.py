# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""benchmarks/run_riesz on tiny grids: every method gives a result, the tables stand between their markers."""
import argparse
import json
import pathlib
import subprocess
import sys


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    page, output = args.work / "riesz.md", args.work / "riesz.json"
    page.write_text("before\n<!-- begin results -->\nold\n<!-- end results -->\n"
                    "<!-- begin degrees -->\n<!-- end degrees -->\nafter\n")
    done = subprocess.run([sys.executable, "benchmarks/run_riesz", "--quick", "--build", args.build, "--output", output,
                           "--page", page], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    results = json.loads(output.read_text())["results"]
    for entry in results:
        if entry["outcome"] != "converged" or entry["relative_residual"] > 2e-8:
            sys.exit(f"no result: {entry}")
        if entry["method"] == "tau" and entry["iterations"] > 9:
            sys.exit(f"too many iterations: {entry}")
    if len({entry["method"] for entry in results}) != 8:
        sys.exit("some method is missing")
    text = page.read_text()
    if "old" in text or not text.startswith("before") or not text.endswith("after\n") or text.count("| n |") != 4:
        sys.exit(f"wrong page:\n{text}")


if __name__ == "__main__":
    main()
