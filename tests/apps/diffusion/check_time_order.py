#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Observed order in time against a manufactured solution whose conductivity and boundary data change:
1 for backward Euler, 2 for Crank-Nicolson. u is linear in space, so that space adds no error."""
import math
import os

import common

EXPECTED = {"backward_euler": 1.0, "crank_nicolson": 2.0}


def error(args, scheme, steps):
    path = os.path.join(args.work, f"{scheme}_{steps}.json")
    common.run(args.mpi, 2, args.app,
               ["-diffusion_dim", "2", "-diffusion_grid", "12", "-diffusion_manufactured", "(1+x-2*y)*sin(3*t)",
                "-diffusion_conductivity_factor", "1+0.5*cos(2*t)", "-diffusion_bc_x_lo", "robin",
                "-diffusion_bc_y_hi", "neumann", "-diffusion_capacity", "1.7", "-diffusion_reaction", "0.3",
                "-diffusion_time_steps", steps, "-diffusion_time_step", 1.0 / steps, "-diffusion_time_scheme",
                scheme, "-ksp_rtol", "1e-12", "-diffusion_output", "none", "-linnet_results", path])
    return common.results(path)["errors"]["u_l2"]


def main():
    args = common.arguments()
    os.makedirs(args.work, exist_ok=True)
    for scheme, expected in EXPECTED.items():
        errors = [error(args, scheme, steps) for steps in (8, 16, 32)]
        for coarse, fine in zip(errors, errors[1:]):
            order = math.log2(coarse / fine)
            if abs(order - expected) > 0.2:
                common.fail(f"{scheme}: order {order}, {expected} expected; errors {errors}")


if __name__ == "__main__":
    main()
