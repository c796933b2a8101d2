#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""paraview_test.py WRITE_FIELDS DIM FOLDER: field output read and drawn by ParaView. Skipped without it."""
import os
import shutil
import struct
import subprocess
import sys
import zlib

PROGRAM, DIM, FOLDER = sys.argv[1:4]


def colours(path):
    """Number of different rows of bytes in a PNG: an empty picture has very few."""
    data = open(path, "rb").read()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height, depth, kind = struct.unpack(">IIBB", data[16:26])
    packed, at = b"", 8
    while at < len(data):
        length, name = struct.unpack(">I4s", data[at:at + 8])
        if name == b"IDAT":
            packed += data[at + 8:at + 8 + length]
        at += 12 + length
    rows = zlib.decompress(packed)
    step = len(rows) // height
    return len({rows[i * step:(i + 1) * step] for i in range(height)})


def main():
    if not (shutil.which("pvbatch") and shutil.which("xvfb-run") and shutil.which("Xvfb")):
        print("pvbatch or Xvfb is not installed (Debian: paraview python3-paraview xvfb xauth)")
        return 77
    os.makedirs(FOLDER, exist_ok=True)
    stem = os.path.join(FOLDER, f"run_{DIM}d")
    picture = stem + ".png"
    for path in (stem + ".h5", stem + ".xdmf", picture):
        if os.path.exists(path):
            os.remove(path)
    subprocess.run([PROGRAM, stem, DIM, "3"], check=True)
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "read_fields.py")
    result = subprocess.run(["xvfb-run", "-a", "pvbatch", script, stem + ".xdmf", DIM, picture],
                            stdin=subprocess.DEVNULL)
    if result.returncode != 0:
        return 1
    if DIM != "1":  # a line has few pixels
        assert colours(picture) > 100, "the picture is empty"
    return 0


sys.exit(main())
