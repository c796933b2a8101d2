#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""A box that turns: its cells at every step, the fluid that it moves, and what symmetry says of both. No cell centre lies
on a face of the box at the angles used, so that rounding decides nothing."""
import math
import os

import h5py
import numpy

import common

CELLS = 24
BOX, HALF_WIDTHS = "box:0.3,0.46,0.35,0.7,0.54,0.65", (0.2, 0.04, 0.15)
TANK = ["-diffusion_grid", CELLS, "-diffusion_source", "random_divergence", "-ksp_rtol", 1e-10]
TANK += [word for face in ("x_lo", "x_hi", "y_lo", "y_hi", "z_lo", "z_hi") for word in (f"-diffusion_bc_{face}", "neumann")]
AIR = ["-diffusion_held", "z-0.95"]


def turning(rate, angle=0.0):
    return ["-diffusion_obstacles", f"{BOX}; turn:0.5,0.5,0.5,0,0,1,{rate!r},{angle!r}"]


def steps(count, length):
    return ["-diffusion_time_scheme", "quasi_steady", "-diffusion_time_steps", count, "-diffusion_time_step", length]


def solve(args, name, options, ranks=1, expect=0):
    """The results, and u and mask of all steps."""
    stem = os.path.join(args.work, name)
    text = common.run(args.mpi, ranks, args.app, TANK + options + ["-diffusion_output", stem, "-linnet_results",
                                                                   stem + ".json"], expect=expect)
    if expect:
        return text
    with h5py.File(stem + ".h5", "r") as file:
        names = sorted(step for step in file if step.startswith("step"))
        return (common.results(stem + ".json"), [file[step]["u"][...] for step in names],
                [file[step]["mask"][...] for step in names])


def same(what, a, b, tolerance=1e-7):
    difference = numpy.abs(a - b).max() / numpy.abs(b).max()
    if difference > tolerance:
        common.fail(f"{what}: u differs by {difference}")


def box_at(angle):
    """The cells of the box turned about z, at index [k, j, i]."""
    place = (numpy.arange(CELLS) + 0.5) / CELLS - 0.5
    z, y, x = numpy.meshgrid(place, place, place, indexing="ij")
    across = (math.cos(angle) * x + math.sin(angle) * y, -math.sin(angle) * x + math.cos(angle) * y, z)
    return numpy.all([numpy.abs(a) < h for a, h in zip(across, HALF_WIDTHS)], axis=0)


def check_geometry(args):
    """At every step on any ranks the cells of the turned box; where it does not move, those of a box at rest."""
    runs = [solve(args, f"steps{ranks}", turning(0.7) + steps(3, 0.5) + AIR, ranks) for ranks in (1, 2, 4)]
    for number, mask in enumerate(runs[0][2], 1):
        if not numpy.array_equal(mask == 1, box_at(0.7 * 0.5 * number)):
            common.fail(f"step {number}: other cells are solid than those of the turned box")
    for result, u, mask in runs[1:]:
        if abs(result["iterations"] - runs[0][0]["iterations"]) > 3:
            common.fail(f"{result['iterations']} and {runs[0][0]['iterations']} iterations on other ranks")
        for number in range(3):
            same(f"step {number + 1} on {result['ranks']} ranks", u[number], runs[0][1][number])
            if not numpy.array_equal(mask[number], runs[0][2][number]):
                common.fail(f"step {number + 1}: other cells on {result['ranks']} ranks")
    at_rest = solve(args, "rest", ["-diffusion_obstacles", BOX] + AIR)
    turned = solve(args, "turned", turning(0.0) + AIR)
    if not numpy.array_equal(turned[2], at_rest[2]) or not numpy.array_equal(turned[1], at_rest[1]):
        common.fail("at angle 0: not the solution for the box at rest")


def check_symmetry(args):
    """After half a turn the box is where it was, and so is the fluid."""
    start = solve(args, "start", turning(math.pi) + AIR)
    half = solve(args, "half", turning(math.pi) + steps(2, 0.5) + AIR)
    if numpy.array_equal(half[2][0], start[2][0]) or not numpy.array_equal(half[2][1], start[2][0]):
        common.fail("after half a turn, and only then, the box is where it was")
    same("half a turn", half[1][1], start[1][0])


def check_velocity(args):
    """u is linear in the rate. In a closed tank the box takes in no fluid and gives none, so that sources balance."""
    still, slow, back = (solve(args, "rate", turning(rate, 0.4))[1][0] for rate in (0.0, 1.0, -1.0))
    same("rates 1 and -1", slow + back, 2 * still)
    if numpy.abs(slow - still).max() < 0.01 * numpy.abs(still).max():
        common.fail("the box does not move the fluid")
    result = solve(args, "closed", turning(3.0) + steps(2, 0.3))[0]
    if abs(result["diffusion"]["source"]) > 1e-12 or result["diffusion"]["floating_components"] != 1:
        common.fail(f"closed tank: sources of {result['diffusion']['source']} are left")
    # So does a wall of the box that the body touches.
    at_wall = ["-diffusion_obstacles", "box:0.3,0.4,0,0.7,0.6,0.5; turn:0.5,0.2,0,1,0,0,1"]
    if "do not balance" not in solve(args, "wall", at_wall, expect=2):
        common.fail("a box that moves through a wall goes unnoticed")
    # A wall that shuts one half of a face of the box: the other half pumps.
    pump = turning(1.0)
    pump[1] += "; box:0.5,0.54,0,0.7,1,1"
    if "do not balance" not in solve(args, "pump", pump, expect=2):
        common.fail("a box that pumps into a closed tank goes unnoticed")


def check_warnings(args):
    """Cells that are held nowhere are said once, not at every step."""
    options = TANK + turning(0.7) + steps(3, 0.05) + ["-diffusion_held", "z-2", "-diffusion_reaction", 1]
    text = common.run(args.mpi, 2, args.app, options + ["-diffusion_output", os.path.join(args.work, "none")])
    if text.count("holds no cell") != 1:
        common.fail(f"{text.count('holds no cell')} warnings that no cell is held in 3 steps")


def check_steps(args):
    """The start vector and the matrix without solids change no solution; a restart not even a bit."""
    moving = turning(0.7) + AIR
    previous = solve(args, "previous", moving + steps(3, 0.05))
    zero = solve(args, "zero", moving + steps(3, 0.05) + ["-diffusion_time_guess", "zero"])
    same("start from zero", zero[1][2], previous[1][2])
    if previous[0]["iterations"] >= zero[0]["iterations"]:
        common.fail(f"{previous[0]['iterations']} iterations from the step before, {zero[0]['iterations']} from zero")
    rows = ["-dm_mat_type", "aij", "-pc_type", "bjacobi", "-sub_pc_type", "icc", "-diffusion_compress_solids"]
    same("fluid cells alone", solve(args, "fluid", moving + steps(3, 0.05) + rows, 2)[1][2], previous[1][2])
    solve(args, "early", moving + steps(2, 0.05) + ["-diffusion_checkpoint_every", 2])
    late = solve(args, "late", moving + steps(3, 0.05) + [
        "-diffusion_restart", os.path.join(args.work, "early.checkpoint.h5")])
    if not numpy.array_equal(late[1][-1], previous[1][2]):
        common.fail("a restart changes the solution")
    if "solve 1 did not converge" not in solve(args, "short", moving + steps(3, 0.05) + ["-ksp_max_it", 2], expect=3):
        common.fail("a step cut short goes unnoticed")


def main():
    args = common.arguments()
    os.makedirs(args.work, exist_ok=True)
    check_geometry(args)
    check_symmetry(args)
    check_velocity(args)
    check_warnings(args)
    check_steps(args)


if __name__ == "__main__":
    main()
