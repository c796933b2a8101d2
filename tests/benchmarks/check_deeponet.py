# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""benchmarks/run_deeponet at small size and without PyTorch: both parts are measured, the tables stand between their
markers."""
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
    page, output = args.work / "deeponet.md", args.work / "deeponet.json"
    page.write_text("".join(f"<!-- begin {part} -->\nold\n<!-- end {part} -->\n" for part in ("accuracy", "speed")))
    done = subprocess.run([sys.executable, "benchmarks/run_deeponet", "--quick", "--no-torch", "--build", args.build,
                           "--output", output, "--page", page], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    document = json.loads(output.read_text())
    speeds = document["speed"]["results"]
    if [r["cores"] for r in speeds] != [1, 2] or not all(r["linnet"][0] > 0 and not r["torch"] for r in speeds):
        sys.exit(f"wrong speeds: {speeds}")
    run = document["accuracy"]["results"][0]
    if not 0 < run["least_squares"]["3"] < run["test"] or not run["best"] <= min(run["held_out"].values()):
        sys.exit(f"wrong errors: {run}")
    if "old" in page.read_text() or page.read_text().count("| --") + page.read_text().count("|--") < 2:
        sys.exit(f"wrong page:\n{page.read_text()}")


if __name__ == "__main__":
    main()
