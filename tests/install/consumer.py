# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Builds one example against the installed Linnet, runs it on 1 and 2 ranks and checks its numbers."""
import argparse
import math
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

# Largest or mean value of the solution on a fine grid, and the iterations a multigrid may take.
POISSON_3D, POISSON_2D, DARCY_MEAN = 0.0562, 0.0737, 0.5
TOLERANCE, MOST_ITERATIONS = 1e-3, 30


def run(command, **options):
    print("+", shlex.join(map(str, command)), flush=True)
    done = subprocess.run(list(map(str, command)), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    print(done.stdout, flush=True)
    if done.returncode != 0:
        sys.exit(f"exit code {done.returncode}")
    return done.stdout


def check_run(mpirun, command, expected, tolerance=TOLERANCE, most_iterations=MOST_ITERATIONS):
    counts = []
    for ranks in (1, 2):
        text = run([mpirun, "-n", ranks] + command)
        match = re.search(r"iterations (\d+), \w+ value ([\d.e+-]+)", text)
        if not match:
            sys.exit("the program did not print its result")
        counts.append(int(match[1]))
        if abs(float(match[2]) - expected) > tolerance:
            sys.exit(f"value {match[2]}, expected {expected}")
    if max(counts) > most_iterations or abs(counts[0] - counts[1]) > 1:
        sys.exit(f"iterations on 1 and 2 ranks: {counts}, at most {most_iterations} and equal to one expected")


def pkg_config(environment, *arguments):
    return shlex.split(subprocess.run(["pkg-config", *arguments], check=True, capture_output=True, text=True,
                                      env=environment).stdout)


def check_reduced_basis(mpirun, program, work):
    """The modes must be of use for a source that they have not seen, and the same on 1 and 2 ranks."""
    modes = []
    for ranks in (1, 2):
        text = run([mpirun, "-n", ranks, program, "-da_grid_x", 32, "-da_grid_y", 32, "-modes_file", work / "modes.h5"])
        line = {key: re.search(rf"^{key} +(.*)", text, re.M)[1] for key in ("modes", "coarse", "guess", "cubature")}
        numbers = {key: [float(n) for n in re.findall(r"\d[\d.]*(?:e[+-]\d+)?", value)] for key, value in line.items()}
        modes.append(numbers["modes"][0])
        if numbers["coarse"][0] >= numbers["coarse"][1]:
            sys.exit("the coarse space saves no iterations")
        if numbers["guess"][0] >= numbers["guess"][2]:
            sys.exit("guesses from the modes are no better than the last step")
        if numbers["cubature"][0] >= 0.2 * numbers["cubature"][1] or numbers["cubature"][3] > 1e-4:
            sys.exit("the quadrature has too many cells or is not exact enough")
    if modes[0] != modes[1]:
        sys.exit(f"modes on 1 and 2 ranks: {modes}")


def by_cmake(a, work):
    run([a.cmake, "-S", a.examples / "cmake_consumer", "-B", work, f"-DCMAKE_PREFIX_PATH={a.prefix}",
         "-DCMAKE_BUILD_TYPE=Release"])
    run([a.cmake, "--build", work])
    check_run(a.mpirun, [work / "poisson"], POISSON_3D)
    check_reduced_basis(a.mpirun, work / "reduced_basis", work)


def by_pkg_config(a, work):
    environment = dict(os.environ)
    environment["PKG_CONFIG_PATH"] = f"{a.prefix}/lib/pkgconfig:" + environment.get("PKG_CONFIG_PATH", "")
    flags = pkg_config(environment, "--cflags", "linnet")
    libraries = pkg_config(environment, "--libs", "linnet")
    source = a.examples / "cmake_consumer/poisson.cpp"
    run([a.mpicxx, "-O1", *flags, source, "-o", work / "poisson", *libraries])
    check_run(a.mpirun, [work / "poisson"], POISSON_3D)


def plugin_options(a):
    return ["-dll_append", a.prefix / "lib/linnet/liblinnet.so", "-pc_type", "boxmg"]


def by_plain_petsc(a, work):
    flags = pkg_config(None, "--cflags", "--libs", "PETSc", "mpi-c")
    run([a.cc, "-O1", a.examples / "plain_petsc_c/darcy.c", "-o", work / "darcy", *flags, "-lm"])
    check_run(a.mpirun, [work / "darcy", *plugin_options(a)], DARCY_MEAN)


# Options, the largest value (in two directions that of other degrees on finer grids), the iterations it may take.
RIESZ = [("-mat_riesz_n 1024 -mat_riesz_degree 5 -mat_riesz_alpha 1.5", 0.5 ** 1.5 / math.gamma(2.5), 9),
         ("-mat_riesz_dim 2 -mat_riesz_n 40,50 -mat_riesz_degree 3,4 -mat_riesz_alpha 1.3,1.7", 0.1423, 1)]
# Wrong options, what the message must name.
RIESZ_REFUSED = [("-mat_riesz_alpha 2.5", "alpha must lie between 1.001 and 1.999, got 2.5"),
                 ("-mat_riesz_degree 16", "degree of the splines must be between 2 and 15, got 16"),
                 ("-mat_riesz_n 3 -mat_riesz_degree 5", "need at least 6 knot spans, got 3"),
                 ("-mat_riesz_dim 3 -mat_riesz_n 20,30", "-mat_riesz_n: must have 1 or 3 entries")]


def check_riesz(a):
    command = [sys.executable, a.examples / "petsc4py/riesz.py", "-dll_append", a.prefix / "lib/linnet/liblinnet.so",
               "-pc_type", "tau"]
    for options, expected, most in RIESZ:
        check_run(a.mpirun, [*command, *options.split()], expected, 1e-3 * expected, most)
    for options, word in RIESZ_REFUSED:
        done = subprocess.run(list(map(str, [a.mpirun, "-n", 2, *command, *options.split()])), text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode == 0 or word not in done.stdout:
            sys.exit(f"{options}: exit code {done.returncode}, without '{word}' in\n{done.stdout}")


def by_petsc4py(a, work):
    check_run(a.mpirun, [sys.executable, a.examples / "petsc4py/poisson.py", *plugin_options(a)], POISSON_2D)
    check_riesz(a)


KINDS = {"cmake": by_cmake, "pkg_config": by_pkg_config, "plain_petsc": by_plain_petsc, "petsc4py": by_petsc4py}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("prefix", "examples", "work"):
        parser.add_argument("--" + name, type=pathlib.Path, required=True)
    for name in ("mpirun", "cmake", "cc", "mpicxx"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("kind", choices=KINDS)
    a = parser.parse_args()
    work = a.work / a.kind
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    KINDS[a.kind](a, work)


if __name__ == "__main__":
    main()
