# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Solves one problem of an unmodified PETSc program in several ways and compares all of them.

Every run must end with a PETSc convergence reason, use all options given, and give the same solution
as the first run. Runs with `boxmg` are repeated on every number of ranks, and must take a number of
iterations within bounds and the same (+-1) on all of them; other runs take the most ranks only.

--ways repeats the first run with plug-in and options on the command line, in a YAML deck, and in
PETSC_OPTIONS.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy

CONVERGED = re.compile(r"solve converged due to (\w+) iterations (\d+)")
VEC_CLASS_ID = 1211214


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--launcher", required=True, help="mpiexec and its option for ranks")
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--ranks", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--iterations", type=int, nargs=2, required=True, help="bounds of boxmg")
    parser.add_argument("--tolerance", type=float, default=1e-6, help="of solutions, relative")
    parser.add_argument("--up-to-a-constant", action="store_true", help="solutions of a singular problem")
    parser.add_argument("--ways", action="store_true")
    parser.add_argument("--options", default="", help="of every run")
    parser.add_argument("--run", action="append", required=True, help="options of one run")
    parser.add_argument("host", nargs="+")
    return parser.parse_args()


def read_vec(path):
    """A Vec in PETSc's binary format: two 4-byte integers, then doubles, all big-endian."""
    data = path.read_bytes()
    class_id, size = numpy.frombuffer(data, ">i4", 2)
    values = numpy.frombuffer(data, ">f8", offset=8)
    assert class_id == VEC_CLASS_ID and len(values) == size, f"{path} is not a PETSc Vec"
    return values


def option_pairs(words):
    """Option names without the dash, each with its value (empty for a flag)."""
    pairs = []
    for word in words:
        if re.match(r"-[A-Za-z]", word):
            pairs.append([word[1:], ""])
        else:
            pairs[-1][1] = word
    return pairs


def as_yaml(pairs):
    """A nested deck: names that share their first part go under that part."""
    groups = {}
    for name, value in pairs:
        first, _, rest = name.partition("_")
        groups.setdefault(first, []).append((rest, value))
    text = ""
    for first, entries in groups.items():
        text += "".join(f"{first}: {value}\n" for rest, value in entries if not rest)
        nested = "".join(f"  {rest}: {value}\n" for rest, value in entries if rest)
        text += f"{first}:\n{nested}" if nested else ""
    return text


class Host:
    def __init__(self, args, scratch):
        self.args, self.scratch = args, scratch

    def solve(self, options, ranks, way="command line"):
        """Reason, iterations and solution of one run."""
        args, solution = self.args, self.scratch / "solution.bin"
        words = f"-dll_append {args.plugin} {args.options} {options}".split()
        fixed = ["-ksp_converged_reason", "-ksp_view_solution", f"binary:{solution}", "-options_left"]
        environment = dict(os.environ)
        if way == "deck":
            deck = self.scratch / "deck.yaml"
            deck.write_text(as_yaml(option_pairs(words)))
            words = ["-options_file", str(deck)]
        elif way == "PETSC_OPTIONS":
            environment["PETSC_OPTIONS"] = " ".join(words)
            words = []
        solution.unlink(missing_ok=True)
        launcher = args.launcher.split() + [str(ranks)] if ranks > 1 else []
        done = subprocess.run(launcher + args.host + words + fixed, capture_output=True, text=True,
                              env=environment, timeout=60, check=False)
        return self.judge(done, solution)

    @staticmethod
    def judge(done, solution):
        output = done.stdout + done.stderr
        found = CONVERGED.search(output)
        faults = [text for text, bad in ((f"exit code {done.returncode}", done.returncode != 0),
                                         ("did not converge", not found),
                                         ("PETSc complained", "PETSC ERROR" in output),
                                         ("options were left", "There are no unused options" not in output)) if bad]
        if faults:
            raise RuntimeError(", ".join(faults) + "\n" + output)
        return found[1], int(found[2]), read_vec(solution)


class Comparison:
    def __init__(self, args):
        self.args, self.first, self.faults = args, None, []

    def difference(self, solution):
        if self.args.up_to_a_constant:
            solution = solution - solution.mean()
        if self.first is None:
            self.first = solution
        return abs(solution - self.first).max() / abs(self.first).max()

    def add(self, label, reason, iterations, solution):
        difference = self.difference(solution)
        print(f"{label}: {reason}, {iterations} iterations, differs by {difference:.1e}", flush=True)
        if not difference <= self.args.tolerance:
            self.faults.append(f"{label}: another solution than the first run's ({difference:.1e})")
        low, high = self.args.iterations
        if "boxmg" in label and not low <= iterations <= high:
            self.faults.append(f"{label}: {iterations} iterations, not between {low} and {high}")


def main():
    args = parse()
    comparison = Comparison(args)
    with tempfile.TemporaryDirectory() as scratch:
        host = Host(args, pathlib.Path(scratch))
        for options in args.run:
            counts, ours = [], "boxmg" in options
            for ranks in args.ranks if ours else args.ranks[-1:]:
                result = host.solve(options, ranks)
                counts.append(result[1])
                comparison.add(f"{options} on {ranks}", *result)
            if ours and max(counts) - min(counts) > 1:
                comparison.faults.append(f"{options}: iterations {counts} depend on the ranks")
        for way in ("deck", "PETSC_OPTIONS") if args.ways else ():
            comparison.add(f"{args.run[0]} by {way}", *host.solve(args.run[0], args.ranks[-1], way))
    print("\n".join(comparison.faults))
    return 1 if comparison.faults else 0


if __name__ == "__main__":
    sys.exit(main())
