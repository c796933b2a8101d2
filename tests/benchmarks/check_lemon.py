# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""benchmarks/run_lemon at small size: models are trained and adapted, a second run measures nothing again, the tables
stand between their markers."""
import argparse
import json
import pathlib
import shutil
import subprocess
import sys


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    args = parser.parse_args()
    shutil.rmtree(args.work, ignore_errors=True)
    args.work.mkdir(parents=True)
    page, output = args.work / "lemon.md", args.work / "lemon.json"
    page.write_text("".join(f"<!-- begin {part} -->\nold\n<!-- end {part} -->\n" for part in ("training", "held_out")))
    command = [sys.executable, "benchmarks/run_lemon", "--quick", "--build", args.build, "--work", args.work / "files",
               "--output", output, "--page", page]
    printed = []
    for _ in range(2):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(done.stdout + done.stderr)
        printed.append([line for line in done.stdout.splitlines() if line.startswith("seed")])
    if not printed[0] or printed[1]:
        sys.exit(f"a second run measures again: {printed[1]}")
    entry = json.loads(output.read_text())["seeds"]["0"]
    if set(entry["models"]) != {"plain", "lemons"} or not 0 < entry["models"]["plain"]["test_relative_l2"] < 10:
        sys.exit(f"wrong models: {entry['models']}")
    errors = entry["adapted"]["lemons"]["sine_gordon"]
    if set(errors) != {"zero_shot", "plain_0.2", "learned"} or not all(0 < e < 10 for e in errors.values()):
        sys.exit(f"wrong errors: {errors}")
    if "old" in page.read_text() or page.read_text().count("|--") + page.read_text().count("| --") < 2:
        sys.exit(f"wrong page:\n{page.read_text()}")


if __name__ == "__main__":
    main()
