# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""benchmarks/run_training on tiny grids and without PyTorch: every network is measured, the tables stand between their
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
    page, output = args.work / "training.md", args.work / "training.json"
    page.write_text("before\n<!-- begin results -->\nold\n<!-- end results -->\nafter\n")
    done = subprocess.run([sys.executable, "benchmarks/run_training", "--quick", "--no-torch", "--build", args.build,
                           "--output", output, "--page", page], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    document = json.loads(output.read_text())
    parameters = {r["network"]: r["parameters"] for r in document["results"]}
    sizes = {"dcdm64": 97457, "mgno": 572661}  # as published
    if any(parameters.get(n) != s for n, s in sizes.items()) or len(parameters) != 4 or len(document["results"]) != 10:
        sys.exit(f"wrong networks: {parameters}")
    if any(list(r["runs"]) != ["linnet"] or not r["runs"]["linnet"][0] > 0 for r in document["results"]):
        sys.exit(f"wrong results: {document['results']}")
    layers = document["layers"]
    if not all(0 < r["forward_flops"] < 2 * layers[f"peak_flops_{r['precision']}"] for r in layers["results"]):
        sys.exit(f"wrong layers: {layers}")
    text = page.read_text()
    if "old" in text or not text.startswith("before") or not text.endswith("after\n") or text.count("| ---") + text.count("|---") < 2:
        sys.exit(f"wrong page:\n{text}")
    page.write_text("no markers")
    done = subprocess.run([sys.executable, "benchmarks/run_training", "--report", "--output", output, "--page", page],
                          capture_output=True, text=True)
    if done.returncode == 0 or "has no markers" not in done.stderr:
        sys.exit(f"a page without markers: {done.stdout}{done.stderr}")


if __name__ == "__main__":
    main()
