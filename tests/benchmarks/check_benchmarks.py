# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""benchmarks/run and benchmarks/report on tiny grids: results, resumption, limits, failures, tables, plot."""
import argparse
import json
import pathlib
import subprocess
import sys
import xml.dom.minidom

MARKERS = "<!-- begin results -->\n<!-- end results -->\n<!-- begin communication -->\n<!-- end communication -->\n"
METHODS = "boxmg;sine transform;PCMG Galerkin;PCMG rediscretised"


def check(holds, text):
    if not holds:
        sys.exit(text)


def call(program, *arguments):
    done = subprocess.run([sys.executable, f"benchmarks/{program}", *map(str, arguments)], capture_output=True, text=True)
    check(done.returncode == 0, f"{program} {arguments} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


class Runs:
    def __init__(self, args):
        self.args = args

    def run(self, name, *arguments):
        path = self.args.work / f"{name}.json"
        text = call("run", "diffusion", "--build", self.args.build, "--output", path, "--grid", 16, *arguments)
        return json.loads(path.read_text()), text


def check_results(document):
    box = document["cases"]["box_3d"]
    check(set(box["1"]) == set(METHODS.split(";")), f"methods on one rank: {list(box['1'])}")
    check("sine transform" not in box["2"], "the sine transform runs on one rank only")
    for ranks, entries in box.items():
        for method, entry in entries.items():
            check(entry["outcome"] == "converged" and entry["repetitions"] == 2, f"{method}: {entry}")
            check(entry["relative_residual"] < 1e-8, f"{method}: residual {entry['relative_residual']}")
            check(entry["unknowns"] == 16 ** 3, f"{method}: {entry['unknowns']} unknowns")
            check(entry["solve_seconds"] > 0 and entry["peak_memory_mb"] > 1, f"{method}: {entry}")
    check(box["1"]["boxmg"]["cycle"] == "stars" and 57 < box["1"]["boxmg"]["cycle_bytes"] < 80, str(box["1"]["boxmg"]))
    # The rediscretised operators are consistent; piecewise constant P^T A P is too stiff by a factor of two.
    least = {m: box["1"][m]["iterations"] for m in ("PCMG Galerkin", "PCMG rediscretised")}
    check(least["PCMG rediscretised"] < least["PCMG Galerkin"], f"iterations {least}")
    weak = document["cases"]["weak_box_3d"]
    check([weak[r]["boxmg"]["unknowns"] for r in "1248"] == [8 ** 3 * r for r in (1, 2, 4, 8)], "weak scaling")
    check(all(s["right"] and s["bytes_per_second"] > 0 for s in document["stream"].values()), "stream")
    check(document["left_out"] == 0, f"{document['left_out']} results missing")


def check_obstacles(runs):
    """Solid cells, several grids with fluid shares; and coarse operators that follow the time steps."""
    arguments = ["--ranks", 2, "--repeat", 1, "--methods", "boxmg;PCMG rediscretised;BoomerAMG tuned"]
    document, _ = runs.run("obstacles", "--cases", "obstacles_3d,heat_50_steps_3d", *arguments)
    obstacles, heat = document["cases"]["obstacles_3d"]["2"], document["cases"]["heat_50_steps_3d"]["2"]
    for entries in (obstacles, heat):
        check(all(e["outcome"] == "converged" for e in entries.values()), str(entries))
    check(obstacles["boxmg"]["cycle"] == "coded star", str(obstacles["boxmg"]))
    check(obstacles["PCMG rediscretised"]["iterations"] < 30, str(obstacles["PCMG rediscretised"]))
    check(heat["PCMG rediscretised"]["iterations"] < 50 * 15, str(heat["PCMG rediscretised"]))


def check_resumption(runs, arguments, before):
    after, again = runs.run("first", *arguments)
    check("rank(s), boxmg:" not in again and "going on" in again, again)
    check(before == after, "a second call changed the results")
    arguments[arguments.index("--repeat") + 1] = 3
    more, _ = runs.run("first", *arguments)
    check(more["cases"]["box_3d"]["1"]["boxmg"]["repetitions"] == 3, "one repetition more")
    check(more["cases"]["box_3d"]["1"]["boxmg"]["runs"][:2] == before["cases"]["box_3d"]["1"]["boxmg"]["runs"],
          "what was measured is kept")


def check_failures(runs):
    one = ["--cases", "box_3d", "--ranks", 1, "--methods", "boxmg", "--repeat", 3]

    def entry(name, *arguments):
        return runs.run(name, *one, *arguments)[0]["cases"]["box_3d"]["1"]["boxmg"]

    over = entry("over", "--limit", 0.05)
    check(over["outcome"] == "over 0.05 s" and len(over["runs"]) == 1, f"over the limit: {over}")
    refused = entry("refused", "--", "-diffusion_bc_x_lo", "slip")
    check("failed" in refused["outcome"] and "periodic" in refused["outcome"], f"a refused run: {refused}")
    short = entry("short", "--", "-ksp_max_it", 2)
    check("DIVERGED_ITS" in short["outcome"] and short["relative_residual"] > 1e-8, f"two iterations: {short}")


def check_report(args):
    page, plot = args.work / "page.md", args.work / "plot.svg"
    page.write_text("before\n" + MARKERS + "after\n")
    arguments = ["--results", args.work / "first.json", "--page", page, "--plot", plot, "--build", args.build]
    call("report", *arguments)
    text = page.read_text()
    call("report", *arguments)
    check(page.read_text() == text, "a second report changes the page")
    check(text.startswith("before\n") and text.endswith("after\n"), "text around the markers")
    for part in ("](plot.svg)", "| problem | boxmg | sine transform |", "| box, constant, 16³ |", "### Bandwidth",
                 "### Weak scaling", "| 97336 | stars |"):
        check(part in text, f"{part} is not on the page:\n{text}")
    circles = xml.dom.minidom.parse(str(plot)).getElementsByTagName("circle")
    check(len(circles) >= 6, f"{len(circles)} dots")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    for old in args.work.glob("*.json"):
        old.unlink()
    runs = Runs(args)
    arguments = ["--cases", "box_3d,weak_box_3d", "--methods", METHODS, "--repeat", 2]
    document, _ = runs.run("first", *arguments)
    check_results(document)
    check_resumption(runs, arguments, document)
    check_obstacles(runs)
    check_failures(runs)
    check_report(args)


if __name__ == "__main__":
    main()
