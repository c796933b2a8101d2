#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Seeded random media of all families, sizes and walls: every solve converges in at most 40 iterations, and in
at most twice the median of its family and decade of contrast.

A solve also counts as converged where no vector in double precision has a smaller residual; the app finds that
out from the data. Such a solve never reaches the tolerance that ends the others: of its iterations no more than 40 are
asked."""
import argparse
import collections
import os
import random
import statistics

import common

MOST = 40
FAMILIES = ("constant", "lognormal", "two_phase", "checkerboard", "channels", "darcy", "anisotropic", "rotated", "obstacles")


def draw(rng, largest):
    """Family and decade of a random case, the options for it and its number of ranks."""
    family = rng.choice(FAMILIES)
    dim = 2 if family == "rotated" else rng.choice((2, 3, 3))
    grid = [rng.randint(17, 160 if dim == 2 else largest) for _ in range(dim)]
    decade = 0
    options = ["-diffusion_dim", dim, "-diffusion_grid", ",".join(map(str, grid)),
               "-diffusion_medium", "constant" if family == "obstacles" else family,
               "-diffusion_source", "sin(3*x)+y"]
    if family == "rotated":
        # Beyond 1:100 the iterations depend on the angle (docs/boxmg.md).
        exponent = rng.uniform(0, 2)
        decade = int(exponent)
        options += ["-diffusion_medium_ratio", f"{10.0 ** exponent:g}",
                    "-diffusion_medium_angle", f"{rng.uniform(0, 180):g}"]
    if family == "obstacles":
        shape = rng.choice(("random_spheres", "random_boxes"))
        options += ["-diffusion_obstacles", f"{shape}:{rng.randint(3, 60)},0.03,0.15,{rng.randint(1, 999)}",
                    "-diffusion_obstacles_wall", rng.choice(("no_flux", "no_flux", "fixed_value")),
                    "-diffusion_compatibility", "project"]
    if family in ("two_phase", "checkerboard", "channels", "anisotropic"):
        exponent = rng.uniform(0, 8)
        decade = int(exponent)
        if family == "anisotropic":
            ratios = [1.0] * 3
            ratios[rng.randrange(dim)] = 10.0 ** rng.choice((-exponent, exponent))
            options += ["-diffusion_medium_ratios", ",".join(f"{r:g}" for r in ratios[:dim])]
        else:
            options += ["-diffusion_contrast", f"{10.0 ** exponent:g}"]
    if family == "lognormal":
        options += ["-diffusion_medium_deviation", f"{rng.uniform(0.2, 2.5):g}"]
    if family in ("two_phase", "lognormal", "darcy"):
        options += ["-diffusion_medium_alpha", f"{rng.uniform(2.0 if dim == 3 else 1.6, 3.5):g}",
                    "-diffusion_medium_tau", f"{rng.uniform(3, 20):g}"]
    if family in ("two_phase", "lognormal", "darcy", "channels"):
        options += ["-diffusion_seed", rng.randint(1, 999)]
    for direction in "xyz"[:dim]:
        for side in ("lo", "hi"):
            # One wall holds the level; what the others are is random.
            anchor = direction == "x" and side == "lo"
            kind = "dirichlet" if anchor else rng.choice(("dirichlet", "dirichlet", "neumann", "robin"))
            options += [f"-diffusion_bc_{direction}_{side}", kind]
            if kind == "robin":
                options += [f"-diffusion_bc_{direction}_{side}_coefficient", 2]
    return (family, decade), options, rng.choice((1, 2))


def solve(args, options, ranks, file):
    """Iterations of one case, and whether it reached the tolerance."""
    if os.path.exists(file):
        os.remove(file)
    command = options + ["-diffusion_output", "none", "-linnet_quiet", "-linnet_results", file]
    code, text = common.attempt(args.mpi, ranks, args.app, command)
    if code != 0 and not (code == 3 and "stands at the limit of double precision" in text):
        common.fail(f"exit code {code}: {' '.join(map(str, command))}\n{text}")
    return common.results(file)["iterations"], code == 0


def main():
    parser = argparse.ArgumentParser()
    for name in ("app", "mpi", "work"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--largest", type=int, default=160, help="points along one direction in 3-D")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    os.makedirs(args.work, exist_ok=True)
    rng = random.Random(args.seed)
    found = collections.defaultdict(list)
    for _ in range(args.count):
        key, options, ranks = draw(rng, args.largest)
        count, reached = solve(args, options, ranks, os.path.join(args.work, "random.json"))
        found[key].append((count, reached, options))
    slow = []
    for key in sorted(found):
        counts = [count for count, _, _ in found[key]]
        median = statistics.median(counts)
        print(f"{key[0]:12s} 1e{key[1]}: {len(counts):3d} media, median {median:g}, most {max(counts)}")
        slow += [f"{count} iterations, median {median:g}: {' '.join(map(str, options))}"
                 for count, reached, options in found[key] if count > (min(MOST, 2 * median) if reached else MOST)]
    if slow:
        common.fail("\n".join(slow))


if __name__ == "__main__":
    main()
