#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Record two loadings of a coarse blade, learn a reduced model, run it on both and on a third one; and what is refused."""
import os
import pathlib
import shutil

import h5py
import numpy

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

    def train(self, ranks, archive, *options, expect=0):
        files = f"{self.path('A.h5')},{self.path('B.h5')}"
        return self.run(ranks, "train", ["-solid_solver", "train", "-rom_train", files, "-rom_archive",
                                         self.path(archive), *options], expect)

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


def check_other_choices(case):
    """Whole cells, modes in another product or by another method, all points as candidates, other estimates: each is what its training loading is run with."""
    for name, options in (("cells.h5", ["-ecm_unit", "cell"]), ("h1.h5", ["-rom_inner_product", "h1"]),
                          ("gp.h5", ["-rom_calibration", "gp"]), ("gram.h5", ["-pod_method", "gram"]),
                          ("all.h5", ["-ecm_candidates", "0", "-rom_calibration", "identity"])):
        case.train(2, name, *options)
        errors = case.reduced(2, "A", archive=name)[1]["errors"]
        if errors["E_p_max_after"] > 0.05 or errors["E_u_max"] > 0.01:
            common.fail(f"{options}: A is not reproduced: {errors}")
    with h5py.File(case.path("cells.h5")) as file:
        cells, counts = numpy.unique(file["ecm/point"][...] // 8, return_counts=True)
        if (counts != 8).any():
            common.fail(f"the cubature takes parts of the cells {cells[counts != 8]}")
    with h5py.File(case.path("blade.h5")) as l2, h5py.File(case.path("h1.h5")) as h1, h5py.File(case.path("gp.h5")) as gp:
        lengths = [numpy.linalg.norm(file["modes/u"][0]) for file in (l2, h1)]
        if abs(lengths[1] / lengths[0] - 1) < 1e-6:
            common.fail("-rom_inner_product h1 changes nothing")
        if l2["calibration"].attrs["kind"] == gp["calibration"].attrs["kind"]:
            common.fail("-rom_calibration gp changes nothing")


def check_unreachable_tolerance(case):
    """No set of points integrates beyond rounding: said with what could be reached, and the model there was survives."""
    before = pathlib.Path(case.path("blade.h5")).read_bytes()
    text, _ = case.train(2, "blade.h5", "-ecm_tol", "1e-14", expect=3)
    if "the tolerance 1e-14 is not reachable" not in text:
        common.fail(f"an unreachable tolerance:\n{text}")
    if pathlib.Path(case.path("blade.h5")).read_bytes() != before:
        common.fail("a training that failed has changed the archive")


def check_runs(case):
    for name in "AB":
        _, results = case.reduced(2, name)
        errors = results["errors"]
        if errors["E_p_max_after"] > 0.05 or errors["E_u_max"] > 0.01 or errors["E_sigma_max"] > 0.05:
            common.fail(f"{name} is not reproduced: {errors}")
    runs = [case.reduced(ranks, "C") for ranks in (1, 2, 4)]
    unseen = [results for _, results in runs]
    if not all("are not what the model has learnt" in text for text, _ in runs):
        common.fail("a run that is not to be trusted does not say so")
    for results in unseen:
        if results["errors"]["E_p_max"] < 0.5 or results["rom"]["max_estimate"] < 0.3:
            common.fail(f"C should be far from what was learnt: {results}")
        if abs(results["rom"]["max_indicator"] - unseen[0]["rom"]["max_indicator"]) > 1e-6:
            common.fail("the indicator depends on the number of ranks")
    _, full = case.reduced(2, "A", "-rom_quadrature", "full")
    if full["errors"]["E_u_max"] > 0.01:
        common.fail(f"all points of the mesh: {full['errors']}")


def check_failure(case):
    """A reduced run that cannot go on: exit code 3, and the steps before it are in the file that the line names."""
    stem = case.path("failed")
    text, _ = case.reduced(2, "C", "-rom_smallest_step", "1", "-rom_max_it", "2", output=stem,
                           expect=3)
    if f"the steps before are in {stem}.h5" not in text:
        common.fail(f"a run without equilibrium:\n{text}")
    with h5py.File(stem + ".h5") as file:
        steps = file["history/rom"].shape[0]
        if not 1 <= steps < 27 or f"step{steps - 1:06d}" not in file:
            common.fail("the steps before the failure are not in the file")


def check_output(case):
    stem = case.path("fields")
    case.reduced(2, "A", "-solid_output_every", "5", output=stem)
    common.check_fields(stem)
    with h5py.File(stem + ".h5") as file:
        columns = file["history/rom"].shape
        if columns != (27, 8):
            common.fail(f"history/rom has the shape {columns}")
        hot = file[sorted(name for name in file if name.startswith("step"))[2]]
        # Hot as it is there, the blade has grown in length by its thermal strain, and a little more by its rotation.
        longer = numpy.average(hot["strain_zz"][...])
        if not 0.9 * 1.3e-5 * 700 < longer < 2 * 1.5e-5 * 900:
            common.fail(f"the mean strain along the span is {longer}")


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


def check_remedies(case):
    """Lines that say what to do."""
    adaptive = ["-solid_solver", "adaptive", "-rom_archive", case.path("blade.h5"), "-solid_hot_spot", SPOTS["C"], "-solid_output", "none"]
    full = ["-solid_solver", "full", "-solid_hot_spot", SPOTS["C"], "-solid_output", "none"]
    for options, code, words in (
            ([*adaptive, "-snes_max_it", "1"], 3, "try -rom_preenrich no"),
            ([*full, "-solid_restart", case.path("blade.h5")], 4, "go on with the options of its run"),
            ([*full, "-solid_hot_spot_blade", "20,40,15", "-solid_times", "1"], 0, "a mapped mesh has coordinates of its own")):
        text, _ = case.run(2, "remedy", options, code)
        if words not in text:
            common.fail(f"no '{words}' in\n{text}")


def check_inputs_are_safe(case):
    """No output takes the place of what the run reads, but the enriched model that of the model."""
    archive, recording = case.path("blade.h5"), case.path("A.h5")
    before = [pathlib.Path(path).read_bytes() for path in (archive, recording)]

    def refused(words, solver, *options):
        text, _ = case.run(2, "unsafe", ["-solid_solver", solver, "-rom_archive", archive, "-solid_output", "none", *options], 2)
        if f"is read by {words} and would be lost; name another file" not in text:
            common.fail(f"{options}:\n{text}")

    stem, other = archive[:-3], recording[:-3]
    refused("-rom_train", "train", "-rom_train", recording, "-rom_archive", recording)
    refused("-rom_archive", "reduced", "-solid_output", stem)
    refused("-rom_compare", "adaptive", "-rom_compare", recording, "-solid_output", other)
    text, _ = case.run(2, "twice", ["-solid_solver", "train", "-rom_train", f"{recording},{recording}", "-rom_archive", archive], 2)
    if "twice" not in text:
        common.fail(f"one loading given twice:\n{text}")
    if before != [pathlib.Path(path).read_bytes() for path in (archive, recording)]:
        common.fail("a refused run has changed a file")
    shutil.copy(archive, case.path("grows.h5"))
    case.run(2, "grows", ["-solid_solver", "adaptive", "-rom_archive", case.path("grows.h5"), "-solid_hot_spot", SPOTS["C"],
                          "-solid_output", "none", "-rom_save", case.path("grows.h5")])
    if pathlib.Path(case.path("grows.h5")).read_bytes() == before[0]:
        common.fail("-rom_save over -rom_archive saved nothing")


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
    check_other_choices(case)
    check_unreachable_tolerance(case)
    check_runs(case)
    check_output(case)
    check_failure(case)
    check_remedies(case)
    check_inputs_are_safe(case)
    check_refusals(case)


main()
