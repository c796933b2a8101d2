#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""A disk that fills up while fields are written: one line, exit code 4, and the output of the run
before is still there, bit for bit. A limit on the size of files stands for the full disk."""
import hashlib
import os
import shutil

import common


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def main():
    args = common.arguments()
    shutil.rmtree(args.work, ignore_errors=True)
    os.makedirs(args.work)
    stem = os.path.join(args.work, "run")
    common.run(args.mpi, 1, args.app, ["-diffusion_grid", "16", "-diffusion_output", stem])
    before = digest(stem + ".h5")
    # 10 MB: above what MPI needs for its shared memory, below the 13 MB of this output.
    limited = ["bash", "-c", "trap '' XFSZ; ulimit -f 10000; exec \"$0\" \"$@\""]
    for ranks in (1, 4):
        text = common.run(args.mpi, ranks, args.app, ["-diffusion_grid", "72", "-diffusion_output", stem],
                          expect=4, shell=limited)
        lines = [line for line in text.splitlines() if line.startswith("diffusion: ")]
        if len(lines) != 1 or "no space left" not in lines[0]:
            common.fail(f"{ranks} ranks: expected one line on the lack of space, got {text}")
        if digest(stem + ".h5") != before:
            common.fail(f"{ranks} ranks: the output of the run before was changed")
        common.check_fields(stem)


if __name__ == "__main__":
    main()
