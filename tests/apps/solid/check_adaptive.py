#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""The decks of the adaptive blade at reduced size, one after the other; restart, spent calls, enriched archive."""
import os
import shutil

import h5py
import numpy

import common

SMALL = ["-solid_mesh_cells", "4,2,8", "-solid_times", "20:4,24,32,55,120,220,240:2"]


class Case:
    def __init__(self, args):
        self.args = args

    def path(self, name):
        return os.path.join(self.args.work, name)

    def run(self, deck, ranks, name, *options, expect=0):
        results = self.path(name + ".json")
        text = common.run(self.args.mpi, ranks, self.args.app,
                          ["-options_file", f"inputs/solid/{deck}.yaml", "-linnet_results", results, *SMALL, *options],
                          expect=expect)
        return text, common.results(results) if expect == 0 else None

    def adaptive(self, ranks, name, *options, deck="blade_adaptive", expect=0, archive="blade.h5"):
        return self.run(deck, ranks, name, "-rom_archive", self.path(archive), "-solid_output", self.path(name), *options,
                        expect=expect)

    def history(self, name):
        with h5py.File(self.path(name + ".h5")) as file:
            return file["history/rom"][...]


def train(case):
    case.run("blade_train_a", 2, "a", "-rom_snapshots", case.path("a.h5"))
    case.run("blade_train_b", 2, "b", "-rom_snapshots", case.path("b.h5"))
    case.run("blade_train", 2, "train", "-rom_train", f"{case.path('a.h5')},{case.path('b.h5')}", "-rom_archive",
             case.path("blade.h5"))
    case.run("blade_train_a", 2, "c", "-solid_hot_spot", "0.3,0.25,280", "-rom_snapshots", case.path("c.h5"))


def check_errors(case):
    text, results = case.adaptive(2, "run", "-rom_compare", case.path("c.h5"), "-rom_save", case.path("saved.h5"))
    if results["errors"]["E_p_max"] > 0.05 or not 0 < results["rom"]["hf_steps"] <= 6:  # of 11
        common.fail(f"the target is missed: {results}\n{text}")
    if "HF" not in text or "replays" not in text:
        common.fail(f"no account of the steps on the mesh:\n{text}")
    common.check_fields(case.path("run"))
    text, _ = case.adaptive(2, "other_truth", "-rom_compare", case.path("a.h5"), expect=4)
    if "a.h5: was recorded under another loading: temperatures differ at t = 5" not in text:
        common.fail(f"a comparison with another loading should be refused:\n{text}")
    _, alone = case.adaptive(2, "alone", "-rom_compare", case.path("c.h5"), "-rom_target", "1e300")
    if alone["errors"]["E_p_max"] < 0.5 or alone["rom"]["hf_steps"] != 0:
        common.fail(f"the loading should be far from what was learnt: {alone}")
    for ranks in (1, 4):
        _, other = case.adaptive(ranks, f"run_{ranks}")
        if other["rom"]["hf_step_numbers"] != results["rom"]["hf_step_numbers"]:
            common.fail("steps on the mesh depend on the number of ranks")
    _, again = case.adaptive(2, "again", "-rom_compare", case.path("c.h5"), archive="saved.h5")
    if again["rom"]["hf_steps"] >= results["rom"]["hf_steps"]:
        common.fail(f"nothing was learnt: {again}")


def check_restart(case):
    whole = case.history("run")  # its last columns are errors, which are not asked for below
    first = results_steps(case)[1]
    text, _ = case.adaptive(2, "part", "-rom_max_hf", "1", expect=3)
    if "-rom_max_hf" not in text or "part.checkpoint.h5" not in text:
        common.fail(f"spent calls are not explained:\n{text}")
    _, results = case.adaptive(2, "part", "-solid_restart", case.path("part.checkpoint.h5"))
    if results["rom"]["hf_step_numbers"].split(",")[1] != str(first):
        common.fail("the restarted run asks the mesh at other steps")
    part = case.history("part")
    if not numpy.array_equal(part, whole[:, :part.shape[1]]):
        common.fail("the restarted run differs from the one that was not interrupted")
    for name, options, code in (("every", ["-solid_checkpoint_every", "4"], 0),
                                ("stopped", ["-linnet_time_limit", "1e-3"], 5)):
        text, _ = case.adaptive(2, name, *options, expect=code)
        if code == 5 and f"-solid_restart {case.path(name)}.checkpoint.h5" not in text:
            common.fail(f"a run that was stopped does not say how to go on:\n{text}")
        case.adaptive(2, name + "_on", "-solid_restart", case.path(name + ".checkpoint.h5"))
        if not numpy.array_equal(case.history(name + "_on"), part):
            common.fail(f"the run that went on from {name}.checkpoint.h5 differs from the one that was not interrupted")
    for option, value in (("-rom_tol_u", "1e-5"), ("-rom_preenrich", "no")):
        text, _ = case.adaptive(2, "other", "-solid_restart", case.path("part.checkpoint.h5"), option, value, expect=2)
        if option not in text:
            common.fail(f"a restart with another {option} should be refused:\n{text}")
    case.adaptive(2, "other", "-solid_restart", case.path("part.checkpoint.h5"), "-solid_hot_spot", "0.4,0.25,280", expect=2)


def results_steps(case):
    return [int(step) for step in common.results(case.path("run.json"))["rom"]["hf_step_numbers"].split(",")]


def main():
    args = common.arguments()
    shutil.rmtree(args.work, ignore_errors=True)
    os.makedirs(args.work)
    case = Case(args)
    train(case)
    check_errors(case)
    check_restart(case)
    _, eight = case.adaptive(2, "eight", "-solid_cycles", "2", deck="blade_adaptive_8")
    if eight["rom"]["steps"] != 22 or not 0 < eight["rom"]["hf_steps"] <= 8:
        common.fail(f"two cycles have 22 steps, most of them reduced: {eight}")


main()
