# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""benchmarks/run_deeponet at small size and without PyTorch: all parts are measured and kept, the tables and the figure are
made of them; and its least squares find what is linear."""
import argparse
import json
import pathlib
import subprocess
import sys
import xml.dom.minidom

import numpy

sys.path.insert(0, "benchmarks")
import operator_least_squares

PARTS = ("accuracy", "problems", "convergence", "speed")


def check(holds, text):
    if not holds:
        sys.exit(text)


def call(args, *arguments):
    done = subprocess.run([sys.executable, "benchmarks/run_deeponet", "--quick", "--no-torch", "--build", args.build,
                           "--output", args.work / "deeponet.json", "--page", args.work / "deeponet.md",
                           "--picture", args.work / "deeponet.svg", *arguments], capture_output=True, text=True)
    check(done.returncode == 0, done.stdout + done.stderr)
    return json.loads((args.work / "deeponet.json").read_text()), done.stdout


def check_runs(runs):
    for name, records in runs.items():
        run = records["0"]
        check(0 < run["mean_square_trimmed"] < 1.001 * run["mean_square"] and run["relative_l2"] > 0, f"{name}: {run}")
        check("-train_seed" in run["options"] and run["commit"] and run["machine"], f"{name}: {run}")
        for label, found in run["least_squares"].items():
            check(0 < found["mean_square_trimmed"] < 1.001 * found["mean_square"], f"{name}, {label}: {found}")
    run = runs["antiderivative"]["0"]
    check(list(run["held_out"]) == ["2", "4"] and run["least_held_out"] <= min(run["held_out"].values()), str(run))
    check(run["least_squares"]["3"]["mean_square"] < 0.1 * run["held_out"]["4"], str(run))
    check(len({str(r["0"]["mean_square"]) for r in runs.values()}) == len(runs), "two cases with the same error")


def check_page(args):
    text, picture = (args.work / "deeponet.md").read_text(), args.work / "deeponet.svg"
    check("old" not in text and all(text.count(f"<!-- end {part} -->") == 1 for part in PARTS), text)
    for part in ("DeepONet, 4 steps", "| Burgers", "](deeponet.svg)", "| least squares, ", "inputs/train/burgers_pod.yaml"):
        check(part in text, f"no {part}:\n{text}")
    # Two numbers of functions; the network and least squares; and a dot for each in the key.
    circles = xml.dom.minidom.parse(str(picture)).getElementsByTagName("circle")
    check(len(circles) == 6, f"{len(circles)} dots")


def check_linear_map():
    """Values at points of a linear map of rank 3 of the inputs, with a mean; and the integral of a cubic at a random
    place, which three functions y P_j do not hold and four do."""
    random = numpy.random.default_rng(1)
    u = random.standard_normal((60, 3)) @ random.standard_normal((3, 8)) + 2.0
    s = u @ random.standard_normal((8, 11)) + 1.0
    check(operator_least_squares.fit((u, None, s), 40, 20, 8)["mean_square"] < 1e-24, "a linear map is not found")
    check(operator_least_squares.fit((u, None, s), 40, 20, 2)["mean_square"] > 1e-4, "rank 2 has a map of rank 3")
    check(operator_least_squares.fit((u, None, s ** 2), 40, 20, 8)["mean_square"] > 1e-2, "a square is linear")
    a, y = random.standard_normal((400, 4)), random.uniform(size=(400, 1))
    u = a @ numpy.linspace(0.0, 1.0, 9)[None, :] ** numpy.arange(4)[:, None]
    s = numpy.sum(a * y ** (1 + numpy.arange(4)) / (1 + numpy.arange(4)), 1)[:, None]
    samples = (u, y[:, :, None], s)
    check(operator_least_squares.fit(samples, 300, 100, 4)["mean_square"] < 1e-24, "the integral is not found")
    check(operator_least_squares.fit(samples, 300, 100, 3)["mean_square"] > 1e-9, "three functions hold a quartic")
    y, a = random.uniform(size=(40, 30, 2)), random.standard_normal((40, 2))
    s = (a @ [[1.0], [2.0]]) * y[:, :, 0] ** 7 * y[:, :, 1] + a[:, :1] * y[:, :, 1] ** 2
    check(operator_least_squares.fit((a, y, s), 30, 10, 2)["mean_square"] < 1e-14, "several points and coordinates")
    check(operator_least_squares.fit((a, y, s * y[:, :, 0]), 30, 10, 2)["mean_square"] > 1e-9, "degree 8 is not held")
    errors = operator_least_squares.errors(numpy.array([[1.0, 2.0], [3.0, 5.0]]), numpy.array([[1.0, 1.0], [3.0, 4.0]]))
    check(abs(errors["mean_square"] - 0.5) < 1e-15 and
          abs(errors["relative_l2"] - 0.5 * (0.5 ** 0.5 + 0.2)) < 1e-15, str(errors))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    args = parser.parse_args()
    check_linear_map()
    args.work.mkdir(parents=True, exist_ok=True)
    (args.work / "deeponet.json").unlink(missing_ok=True)
    (args.work / "deeponet.md").write_text("".join(f"<!-- begin {part} -->\nold\n<!-- end {part} -->\n" for part in PARTS))
    document, _ = call(args)
    speeds = document["speed"]["results"]
    check([r["cores"] for r in speeds] == [1, 2] and all(r["linnet"][0] > 0 and not r["torch"] for r in speeds),
          f"wrong speeds: {speeds}")
    check(set(document["runs"]) == {"antiderivative", "nonlinear_ode", "diffusion_reaction", "burgers", "burgers_pod",
                                    "advection_2", "functions/250", "functions/500"}, str(document["runs"].keys()))
    check(document["unsolved"]["nonlinear_ode"]["draws"] == 100, str(document["unsolved"]))
    check_runs(document["runs"])
    check_page(args)
    again, text = call(args, "--only", "runs")
    check(again == document and "antiderivative 0" not in text, f"a second call measures again:\n{text}")


if __name__ == "__main__":
    main()
