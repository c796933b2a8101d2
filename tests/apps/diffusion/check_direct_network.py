#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""A network alone as preconditioner, on coefficients that it was not trained for: half as many iterations more than its
smoother takes, at most, be that smoother weak or strong."""
import itertools
import os

import common

MODEL = ["-pc_type", "neural", "-pc_neural_model", "models/deeponet_lognormal.model.h5"]
PROBLEM = ["-diffusion_dim", 2, "-diffusion_grid", 32, "-diffusion_medium", "lognormal", "-diffusion_source", 1, "-dm_mat_type", "aij",
           "-ksp_rtol", "1e-8", "-diffusion_output", "none"]


def iterations(args, ranks, options):
    results = os.path.join(args.work, "results.json")
    text = common.run(args.mpi, ranks, args.app, [*PROBLEM, *options, "-linnet_results", results])
    found = common.results(results)
    if not found["converged"] or found["relative_residual"] > 1.001e-8:
        common.fail(f"{options}: not converged\n{text}")
    return found["iterations"]


def main():
    args = common.arguments()
    cases = list(itertools.product(("fgmres", "gcr"), ("gamg", "sor"), (0, 100), (5, 7), (1,)))
    cases += [("fgmres", "icc", 100, 5, 1), ("fgmres", "gamg", 100, 5, 2)]
    for method, smoother, reaction, seed, ranks in cases:
        common_options = ["-ksp_type", method, "-diffusion_reaction", reaction, "-diffusion_seed", seed]
        alone = iterations(args, ranks, [*common_options, "-pc_type", smoother])
        network = iterations(args, ranks, [*common_options, *MODEL, "-neural_smoother_pc_type", smoother])
        if 2 * network > 3 * alone:
            common.fail(f"{method}, {smoother}, reaction {reaction}, seed {seed}, {ranks} ranks: {network} iterations, {alone} without network")


if __name__ == "__main__":
    main()
