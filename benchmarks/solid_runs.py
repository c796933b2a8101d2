# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Runs of the app `solid` on the blade of inputs/solid/blade.yaml: on the mesh, learnt from it, reduced, adaptive."""
import datetime
import json
import math
import re
import shlex

import h5py

import measure
import store

DECK = "inputs/solid/blade.yaml"
# Hot spots: place along chord and span, rise. A and B are learnt from, the others are not.
LOADINGS = {"A": "0.05,0.5,280", "B": "0.95,0.55,280", "C": "0.3,0.25,280", "C2": "0.05,0.4,280", "C3": "0.6,0.8,260",
            "C4": "0.5,0.5,300", "C5": "0.95,0.55,200"}
TRAINING = ("A", "B")
# First steps of the cycle, with all of its way to full load: fewer and longer ones on large meshes.
FULL_LOAD = 20
TIMES = {27: None, 12: "20:8,21,22,24,27", 6: "20:4,21,22", 3: "20:2,21"}
SPATIAL = ["-pc_type", "hypre", "-pc_hypre_type", "boomeramg", "-pc_hypre_boomeramg_strong_threshold", "0.5",
           "-pc_hypre_boomeramg_coarsen_type", "HMIS", "-pc_hypre_boomeramg_interp_type", "ext+i"]
# From so many dofs on the supports carry the pressure on a face: single nodes would yield without bound as cells shrink. And
# few steps, to full load and two at it.
LARGE, LARGE_OPTIONS = 100_000, ["-solid_hold", "root:yz,leading_pin:x", "-solid_times", "20:6,21,22"]
METHODS = {
    "`gamg`": [],
    "BoomerAMG": SPATIAL,
    "BoomerAMG, nodal": [*SPATIAL, "-pc_hypre_boomeramg_nodal_coarsen", "4", "-pc_hypre_boomeramg_vec_interp_variant", "2"],
    "MUMPS": ["-pc_type", "cholesky", "-pc_factor_mat_solver_type", "mumps"],
}
EVENT = r"^{} +(\d+) \S+ (\S+) "


def cells_of(size):
    return [int(n) for n in size.split("x")]


def dofs_of(size):
    return 3 * math.prod(n + 1 for n in cells_of(size))


def event(log, name, stage=None):
    """How often and how long, in one stage of a run or over all of them."""
    if stage:
        log = "".join(part for part in log.split("--- Event Stage ")[1:] if part.split("\n")[0].endswith(f": {stage}"))
    found = re.findall(EVENT.format(name), log, re.MULTILINE)
    return sum(int(count) for count, _ in found), sum(float(seconds) for _, seconds in found)


class Runs:
    """The app with files of one folder."""

    def __init__(self, build, folder, limit):
        self.program, self.folder, self.limit = measure.ROOT / build / "apps/solid", folder, limit
        self.folder.mkdir(parents=True, exist_ok=True)

    def file(self, *words):
        return self.folder / ".".join(map(str, words))

    def solid(self, size, ranks, loading, *options):
        """What the app wrote of the run, or {"outcome"}; with the command, and the log of PETSc's events."""
        results, log = self.folder / "results.json", self.folder / "events.txt"
        for old in (results, log):
            old.unlink(missing_ok=True)
        words = ["mpirun", "-n", ranks, self.program, "-options_file", DECK, "-solid_mesh_cells", size.replace("x", ","),
                 "-solid_hot_spot", LOADINGS[loading], *(LARGE_OPTIONS if dofs_of(size) > LARGE else []), *options]
        quiet = ["-linnet_results", results, "-linnet_quiet", "-linnet_unused_options", "ignore", "-log_view", f"ascii:{log}"]
        code, _, err, wall = measure.run([str(word) for word in (*words, *quiet)], self.limit)
        record = {"command": self.told(words), "commit": store.commit(), "date": datetime.date.today().isoformat(),
                  "ranks": ranks, "cells": cells_of(size), "dofs": dofs_of(size), "wall_seconds": wall}
        if code != 0 or not results.exists():
            why = f"over {self.limit:g} s" if code is None else "failed: " + measure.reason_of(code, err)
            return {**record, "outcome": why}, {}, ""
        return {**record, "outcome": "converged"}, json.loads(results.read_text()), log.read_text() if log.exists() else ""

    def told(self, words):
        """A command line that holds in any clone."""
        text = shlex.join(str(word) for word in words)
        return text.replace(str(self.program), "build/apps/solid").replace(f"{self.folder}/", "")

    def full(self, size, ranks, loading, *options):
        """All steps on the mesh. Seconds of parts are sums over the steps."""
        record, own, log = self.solid(size, ranks, loading, "-solid_output", "none", *options)
        if not own:
            return record
        solid = own["solid"]
        record.update({key: own[key] for key in ("setup_seconds", "solve_seconds", "peak_memory_mb")})
        record.update({key: solid[key] for key in ("steps", "newton_iterations", "linear_iterations", "halvings",
                                                   "force_seconds", "tangent_seconds", "linear_seconds", "max_p", "held")})
        for name, kind in (("pc_setup", "PCSetUp"), ("ksp_solve", "KSPSolve")):
            record[f"{name}_count"], record[f"{name}_seconds"] = event(log, kind)
        record["pc_setup_count"] = event(log, r"PCSetUp_GAMG\+")[0] or record["pc_setup_count"]
        record["seconds_per_step"] = record["solve_seconds"] / record["steps"]
        return record

    def recorded(self, size, ranks, loading, cycles):
        """The same with the file of its states."""
        return self.full(size, ranks, loading, "-solid_cycles", cycles, "-rom_snapshots",
                         self.snapshots(size, loading, cycles))

    def snapshots(self, size, loading, cycles):
        return self.file(size, loading, cycles, "snapshots.h5")

    def archive(self, size):
        return self.file(size, "archive.h5")

    def train(self, size, ranks, *options, archive=None):
        """A model of the loadings that are learnt from."""
        files = ",".join(str(self.snapshots(size, loading, 1)) for loading in TRAINING)
        record, own, log = self.solid(size, ranks, "A", "-solid_solver", "train", "-solid_output", "none", "-rom_train", files,
                                      "-rom_archive", archive or self.archive(size), *options)
        if own:
            record.update(own["rom"])
            record.update({key: own[key] for key in ("setup_seconds", "total_seconds", "peak_memory_mb")})
            # Without the models of the calibration.
            record["sweeps"], record["sweep_seconds"] = event(log, "CubatureSweep", "Train")
            for part, name in (("modes", "RomModes"), ("points", "RomPoints")):
                count, seconds = event(log, name, "Train")
                if count:
                    record[f"seconds_{part}"] = seconds
        return record

    def online(self, size, ranks, loading, cycles, solver, *options):
        """A reduced or adaptive run, beside the states of the mesh, with what each of its steps says of its error."""
        stem = self.file(size, "online")
        record, own, _ = self.solid(size, ranks, loading, "-solid_solver", solver, "-solid_cycles", cycles,
                                    "-solid_output", stem, "-solid_output_every", 1 << 20, "-solid_output_points", "no",
                                    "-rom_archive", self.archive(size), "-rom_compare",
                                    self.snapshots(size, loading, cycles), "-rom_after", FULL_LOAD, *options)
        if not own:
            return record
        record.update(own["rom"])
        record.update(own["errors"])
        record.update({key: own[key] for key in ("setup_seconds", "solve_seconds", "total_seconds", "peak_memory_mb")})
        record["seconds"] = record["setup_seconds"] + record["solve_seconds"]
        record["history"] = history(f"{stem}.h5")
        return record


def history(path):
    """Column -> values of all steps."""
    with h5py.File(path) as file:
        rows = file["history/rom"]
        names = rows.attrs["columns"]
        names = (names.decode() if isinstance(names, bytes) else str(names)).split(",")
        return {name: [float(value) for value in column] for name, column in zip(names, rows[()].T)}
