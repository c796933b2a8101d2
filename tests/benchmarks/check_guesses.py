# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""benchmarks/run_guesses on small grids: all runs converge, the retrieved guess is far the best where the source comes
back, and tables and picture are made."""
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
    page, output, picture = args.work / "guesses.md", args.work / "guesses.json", args.work / "guesses.svg"
    page.write_text("".join(f"<!-- begin {n} -->\nold\n<!-- end {n} -->\n" for n in ("residuals", "times")) + "after\n")
    done = subprocess.run([sys.executable, "benchmarks/run_guesses", "--quick", "--build", args.build, "--output", output,
                           "--page", page, "--picture", picture], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    results = json.loads(output.read_text())["results"]
    if not all(entry["converged"] for entry in results):
        sys.exit(f"not converged: {results}")
    medians = {entry["guess"]: entry["residual_median"] for entry in results if entry["family"] == "laps"
               and entry["dimension"] == 2}
    if not medians["retrieval"] < 0.5 * min(medians["fischer"], medians["pod"]):
        sys.exit(f"no gain: {medians}")
    text = page.read_text()
    if "old" in text or not text.endswith("after\n") or text.count("| retrieval |") != 2:
        sys.exit(f"wrong page:\n{text}")
    if picture.read_text().count("<polyline") != 3:
        sys.exit("wrong picture")


if __name__ == "__main__":
    main()
