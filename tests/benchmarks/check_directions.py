# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""benchmarks/run_directions --quick: every method, a missing model, resumption, limits, tables."""
import argparse
import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "benchmarks"))
import direction_tables
import directions

MARKERS = "before\n<!-- begin results -->\n<!-- end results -->\nafter\n"


def check(holds, text):
    if not holds:
        sys.exit(text)


def call(args, *arguments, expect=0):
    done = subprocess.run([sys.executable, "benchmarks/run_directions", "--build", str(args.build), "--output",
                           str(args.work / "directions.json"), *map(str, arguments)], capture_output=True, text=True)
    check(done.returncode == expect, f"{arguments} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def check_results(document):
    there = {name for name, m in directions.DECLARED["methods"].items()
             if "model" not in m or pathlib.Path(m["model"]).is_file()}
    networks = {name for name, m in directions.DECLARED["methods"].items() if m.get("slow")}
    clutter, moving = (document["cases"][name]["1"] for name in ("clutter_16", "moving_16"))
    check(set(clutter) == there and set(moving) == there - networks, f"methods {list(clutter)} and {list(moving)}")
    for entry in [*clutter.values(), *moving.values()]:
        check(entry["outcome"] == "converged" and entry["relative_residual"] <= 1e-6, str(entry))
    check({e["unknowns"] for e in clutter.values()} == {clutter["CG"]["unknowns"]}, "one problem for all")
    for method, entry in moving.items():
        check(entry["iterations"] > 1.5 * clutter[method]["iterations"], f"{method}, three steps: {entry}")
    check(document["models"]["mgno"]["training_seconds"] > 0, str(document["models"]))
    never = [["m", "9", "a", "2.0", "boxmg 1.0", "never"], ["m", "9", "b", "3.0", "boxmg 2.0", "never"]]
    check(direction_tables.together(never) == [["m", "9", "all 2; nearest: b", "3.0", "boxmg 2.0", "never"]],
          "the nearest of the problems where a method never pays")
    missing = direction_tables.Results(document).missing()
    check(missing[0] == missing[1] and "**Not complete**" in direction_tables.heading(
        direction_tables.Results(document)), f"of the declared grids none is measured: {missing}")


def check_in_vain():
    def entry(outcome="converged", seconds=1.0, memory=100.0):
        return {"outcome": outcome, "runs": [{"wall_seconds": seconds}], "peak_memory_mb": memory}

    check(directions.in_vain(None, 10, 1) is None and directions.in_vain(entry(), 10, 1) is None, "runs that are worth it")
    for smaller, why in ((entry(seconds=2.0), "16 s"), (entry(memory=200.0), "2 GB"), (entry("over 9 s"), "over 9 s")):
        said = directions.in_vain(smaller, 10, 1)
        check(said and said.startswith("left out: ") and why in said, f"{smaller}: {said}")


def check_break_even():
    def entry(*seconds):
        runs = [{"setup_seconds": 0.0, "solve_seconds": s} for s in seconds]
        return {"runs": runs, "seconds": sorted(seconds)[len(seconds) // 2]}

    unclear = "no clear gain"
    for learned, classical, expected in ((entry(1, 1), entry(2, 2), "1.0e+02"), (entry(2, 2), entry(1, 1), "never"),
                                         (entry(1, 3), entry(2, 4), unclear), (entry(1), entry(2, 2), unclear)):
        said = direction_tables.break_even("box", learned, classical, 100.0)
        check(said == expected, f"{said}, {expected} expected")


def check_tables(args, document):
    pages = [args.work / name for name in ("neural.md", "mgno.md")]
    arguments = ["--report", "--page", pages[0], "--cycle-page", pages[1]]
    for page in pages:
        page.write_text(MARKERS)
    call(args, *arguments)
    texts = [page.read_text() for page in pages]
    call(args, *arguments)
    check(texts == [page.read_text() for page in pages], "a second report changes a page")
    for text in texts:
        check(text.startswith("before\n") and text.endswith("after\n"), f"text around the markers: {text}")
    for part in ("| 16³ | T2 clutter | T5 box, turning |", "| BoomerAMG tuned | ", "| learned | training, s |",
                 f"| mgno | {document['models']['mgno']['training_seconds']:.0f} | ", "T2 clutter, 16³ |"):
        check(part in texts[0], f"{part} is not on the page:\n{texts[0]}")
    check("No grid of 64³" in texts[1], texts[1])
    small = direction_tables.cycle_table(direction_tables.Results(document), 16)
    check(small.count("16³ |") == 2 and "| best peer |" in small, small)
    pages[0].write_text("no markers")
    check("has no markers" in call(args, *arguments, expect=1), "a page without markers")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    (args.work / "directions.json").unlink(missing_ok=True)
    check_in_vain()
    check_break_even()
    call(args, "--quick")
    document = json.loads((args.work / "directions.json").read_text())
    check_results(document)
    again = call(args, "--quick")
    check("going on" in again and "iterations" not in again, f"a second call measures again:\n{again}")
    check(json.loads((args.work / "directions.json").read_text())["cases"] == document["cases"], "results changed")
    check_tables(args, document)


if __name__ == "__main__":
    main()
