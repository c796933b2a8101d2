#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Record two loadings of a coarse blade, learn a reduced model, run it on both and on a third one; and what is refused."""
import os
import shutil

import h5py

import common

DECK = ["-options_file", "inputs/solid/blade_reduced.yaml", "-solid_mesh_cells", "4,2,8"]
SPOTS = {"A": "0.05,0.5,280", "B": "0.95,0.55,280", "C": "0.3,0.25,280"}


class Case:
    def __init__(self, args):
        self.args = args

    def path(self, name):
        return os.path.join(self.args.work, name)

    def run(self, ranks, name, options, expect=0):
        results = self.path(name + ".json")
        text = common.run(self.args.mpi, ranks, self.args.app, DECK + ["-linnet_results", results] + options,
                          expect=expect)
        return text, common.results(results) if expect == 0 else None

    def record(self, name):
        self.run(2, "full_" + name, ["-solid_solver", "full", "-solid_hot_spot", SPOTS[name], "-solid_output", "none",
                                     "-rom_snapshots", self.path(name + ".h5")])

    def train(self, ranks, archive, *options):
        files = f"{self.path('A.h5')},{self.path('B.h5')}"
        return self.run(ranks, "train", ["-solid_solver", "train", "-rom_train", files, "-rom_archive",
                                         self.path(archive), *options])

    def reduced(self, ranks, name, *options, archive="blade.h5", output="none", expect=0):
        compare = ["-rom_compare", self.path(name + ".h5"), "-rom_after", "20"] if expect == 0 else []
        return self.run(ranks, f"reduced_{name}_{ranks}",
                        ["-rom_archive", self.path(archive), "-solid_hot_spot", SPOTS[name], *compare,
                         "-solid_output", output, *options], expect)


def check_training(case):
    text, results = case.train(1, "blade.h5")
    rom = results["rom"]
    if rom["calibration_pairs"] < 200 or rom["spearman"] < 0.8:
        common.fail(f"poor calibration: {rom}\n{text}")
    if not (5 <= rom["modes_u"] <= 30 and rom["points"] >= 2 * rom["modes_p"] and rom["cubature_residual"] <= 1e-5):
        common.fail(f"unexpected sizes: {rom}\n{text}")
    for part in ("projection", "hyper-reduction", "calibration", "seconds"):
        if part not in text:
            common.fail(f"'{part}' is not in the report:\n{text}")
    case.train(2, "two.h5")
    with h5py.File(case.path("blade.h5")) as one, h5py.File(case.path("two.h5")) as two:
        if (one["points/point"][...] != two["points/point"][...]).any():
            common.fail("the points of the model depend on the number of ranks")


def check_runs(case):
    for name in "AB":
        _, results = case.reduced(2, name)
        errors = results["errors"]
        if errors["E_p_max_after"] > 0.05 or errors["E_u_max"] > 0.01 or errors["E_sigma_max"] > 0.05:
            common.fail(f"{name} is not reproduced: {errors}")
    unseen = [case.reduced(ranks, "C")[1] for ranks in (1, 2, 4)]
    for results in unseen:
        if results["errors"]["E_p_max"] < 0.5 or results["rom"]["max_estimate"] < 0.3:
            common.fail(f"C should be far from what was learnt: {results}")
        if abs(results["rom"]["max_indicator"] - unseen[0]["rom"]["max_indicator"]) > 1e-6:
            common.fail("the indicator depends on the number of ranks")
    _, full = case.reduced(2, "A", "-rom_quadrature", "full")
    if full["errors"]["E_u_max"] > 0.01:
        common.fail(f"all points of the mesh: {full['errors']}")


def check_output(case):
    stem = case.path("fields")
    case.reduced(2, "A", "-solid_output_every", "5", output=stem)
    common.check_fields(stem)
    with h5py.File(stem + ".h5") as file:
        columns = file["history/rom"].shape
        if columns != (27, 8):
            common.fail(f"history/rom has the shape {columns}")


def check_refusals(case):
    def refused(expect, words, ranks, *options, archive="blade.h5"):
        text, _ = case.reduced(ranks, "A", *options, archive=archive, expect=expect)
        lines = [line for line in text.splitlines() if "solid:" in line]
        if len(lines) != 1 or words not in lines[0]:
            common.fail(f"expected one line with '{words}':\n{text}")

    refused(4, "another mesh", 2, "-solid_mesh_cells", "4,2,9")
    refused(4, "other materials", 2, "-solid_material", case.material())
    refused(4, "another kind of file", 2, archive="A.h5")
    shutil.copy(case.path("blade.h5"), case.path("cut.h5"))
    with open(case.path("cut.h5"), "r+b") as file:
        file.truncate(os.path.getsize(case.path("cut.h5")) // 2)
    for ranks in (1, 2, 4):
        refused(4, "cut.h5", ranks, archive="cut.h5")
    shutil.copy(case.path("blade.h5"), case.path("old.h5"))
    with h5py.File(case.path("old.h5"), "r+") as file:
        file.attrs["version"] = 99
    refused(4, "has version 99", 2, archive="old.h5")
    refused(4, "missing.h5", 2, archive="missing.h5")
    refused(4, "holds other unknowns", 2, "-solid_hold", "root:xyz")
    # What there is nothing to compare with is said before the run, not after it.
    refused(4, "nothing.h5", 2, "-rom_compare", case.path("nothing.h5"))
    refused(4, "end at other times", 2, "-rom_compare", case.path("A.h5"), "-solid_times", "20:4,240:2")
    refused(4, "another mesh", 2, "-rom_compare", case.path("A.h5"), "-solid_mesh_cells", "4,2,9")


def other_material(case):
    with open("inputs/solid/materials/superalloy.json", encoding="utf-8") as file:
        text = file.read()
    path = case.path("other.json")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("[300,", "[301,", 1))
    return path


def main():
    args = common.arguments()
    os.makedirs(args.work, exist_ok=True)
    case = Case(args)
    case.material = lambda: other_material(case)
    for name in SPOTS:
        case.record(name)
    check_training(case)
    check_runs(case)
    check_output(case)
    check_refusals(case)


main()
