#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""A matrix that another program wrote, with obstacles, in two dimensions and with a graph of the user's own."""
import argparse
import json
import os

import numpy

import common

GRAPH = {"dimension": 2, "nodes": [
    {"id": "r", "op": "input"},
    {"id": "c1", "op": "conv", "in": ["r"], "channels": 4},
    {"id": "a1", "op": "relu", "in": ["c1"]},
    {"id": "p", "op": "avg_pool", "in": ["a1"]},
    {"id": "c2", "op": "conv", "in": ["p"], "channels": 4},
    {"id": "u", "op": "upsample_nearest", "in": ["c2"]},
    {"id": "s", "op": "add", "in": ["u", "a1"]},
    {"id": "d", "op": "conv", "in": ["s"], "channels": 1}], "output": "d"}


def negated(path):
    """The matrix of a file in PETSc's binary format: its values stand last."""
    with open(path, "rb") as file:
        data = file.read()
    _, _, _, entries = numpy.frombuffer(data, ">i4", 4)
    values = numpy.frombuffer(data, ">f8", entries, len(data) - 8 * entries)
    with open(path + ".negated", "wb") as file:
        file.write(data[:len(data) - 8 * entries] + (-values).tobytes())
    return path + ".negated"


def main():
    parser = argparse.ArgumentParser()
    for name in ("work", "app", "mpi", "diffusion"):
        parser.add_argument("--" + name, required=True)
    args = parser.parse_args()
    os.makedirs(args.work, exist_ok=True)
    matrix, graph = os.path.join(args.work, "A.dat"), os.path.join(args.work, "net.json")
    with open(graph, "w", encoding="utf-8") as file:
        json.dump(GRAPH, file)
    common.run(args.mpi, 2, args.diffusion, [
        "-diffusion_dim", 2, "-diffusion_grid", "13,10", "-diffusion_obstacles", "sphere:0.5,0.5,0.2",
        "-diffusion_output", "none", "-dm_mat_type", "aij", "-pc_type", "jacobi",
        "-ksp_view_mat", "binary:" + matrix])
    losses = []
    for ranks in (1, 3):
        stem = os.path.join(args.work, f"np{ranks}")
        common.run(args.mpi, ranks, args.app, [
            "-train_network", graph, "-train_dim", 2, "-train_grid", "13,10", "-train_matrix", matrix,
            "-train_samples", 60, "-train_ritz_steps", 80, "-train_loss", "energy", "-train_epochs", 8,
            "-train_rate", "3e-3", "-train_samples_file", os.path.join(args.work, "samples.h5"),
            "-train_output", stem, "-linnet_results", stem + ".json", "-linnet_quiet"])
        losses.append(common.results(stem + ".json")["train"]["loss_held_out"])
    if losses[0] != losses[1]:
        common.fail(f"losses differ between ranks: {losses}")
    if not losses[0][-1] < 0.9 * losses[0][0]:
        common.fail(f"the held-out loss does not fall: {losses[0]}")
    text = common.run(args.mpi, 2, args.app, [
        "-train_network", graph, "-train_dim", 2, "-train_grid", "13,10", "-train_matrix", negated(matrix),
        "-train_samples", 60, "-train_ritz_steps", 80, "-train_samples_file", os.path.join(args.work, "none.h5"),
        "-train_output", os.path.join(args.work, "none")], expect=2)
    if "-train_matrix: is indefinite" not in text:
        common.fail(text)
    # From a deck in the matrix' folder, where ranks look for it together.
    deck = os.path.join(args.work, "deck.yaml")
    with open(deck, "w", encoding="utf-8") as file:
        file.write("train:\n  dim: 2\n  grid: [13, 10]\n  network: net.json\n  matrix: A.dat\n  samples: 20\n"
                   "  ritz_steps: 40\n  epochs: 1\n")
    samples = os.path.join(args.work, "deck.samples.h5")
    if os.path.exists(samples):
        os.remove(samples)
    common.run(args.mpi, 2, args.app, [
        "-options_file", deck, "-train_samples_file", samples, "-train_output", os.path.join(args.work, "deck")])
    # The same file for another grid.
    text = common.run(args.mpi, 2, args.app, [
        "-train_network", graph, "-train_dim", 2, "-train_grid", "14,10", "-train_matrix", matrix,
        "-train_output", os.path.join(args.work, "other")], expect=4)
    if "is no matrix of the grid" not in text:
        common.fail(text)


if __name__ == "__main__":
    main()
