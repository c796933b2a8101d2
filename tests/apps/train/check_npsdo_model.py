#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""The networks that are shipped, around obstacles that they were not trained on: many fewer iterations than conjugate
gradients, one of them also at twice the resolution that it was trained at, and no direction that has to be replaced."""
import argparse
import os

import common


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--models", nargs=2, required=True)
    for name in ("work", "app", "mpi"):
        parser.add_argument("--" + name, required=True)
    args = parser.parse_args()
    os.makedirs(args.work, exist_ok=True)
    result = os.path.join(args.work, "run.json")

    def iterations(deck, cells, *solver):
        text = common.run(args.mpi, 2, args.app, [
            "-options_file", deck, "-diffusion_grid", cells, "-diffusion_output", "none", "-ksp_rtol", "1e-6",
            "-linnet_results", result, "-ksp_view", *solver])
        found = common.results(result)
        if not found["converged"]:
            common.fail(text)
        return found["iterations"], text

    trained_32, trained_64 = args.models
    for deck, cells, model, factor in (("clutter", 32, trained_32, 18), ("sphere", 32, trained_32, 18),
                                       ("sphere", 64, trained_32, 9), ("clutter", 64, trained_64, 30)):
        deck = f"inputs/diffusion/flow_{deck}_3d.yaml"
        classical, _ = iterations(deck, cells, "-ksp_type", "cg", "-pc_type", "none")
        learned, text = iterations(deck, cells, "-ksp_type", "dcdm", "-pc_type", "neural", "-pc_neural_model", model)
        if factor * learned > classical or "0 times left for those of Jacobi" not in text:
            common.fail(f"{deck}, {cells}: {learned} iterations, {classical} of cg\n{text}")


if __name__ == "__main__":
    main()
