# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Installs the build and checks that nothing in the installed tree points back into it.

usage: install_prefix.py CMAKE BUILD PREFIX SOURCE
"""
import pathlib
import shutil
import subprocess
import sys

WANTED = [
    "lib/liblinnet.a",
    "lib/linnet/liblinnet.so",
    "lib/pkgconfig/linnet.pc",
    "lib/cmake/Linnet/LinnetConfig.cmake",
    "lib/cmake/Linnet/LinnetConfigVersion.cmake",
    "include/linnet/registry/register.hpp",
    "include/linnet/core/version.hpp",
]


def main():
    cmake, build, prefix, source = sys.argv[1:]
    prefix = pathlib.Path(prefix)
    shutil.rmtree(prefix, ignore_errors=True)
    subprocess.run([cmake, "--install", build, "--prefix", str(prefix)], check=True, stdout=subprocess.DEVNULL)
    wanted = list(WANTED)
    for app in (pathlib.Path(source) / "apps").iterdir():
        if app.is_dir():
            wanted.append(f"libexec/linnet/{app.name}")
    for deck in (pathlib.Path(source) / "inputs").rglob("*.yaml"):
        wanted.append(f"share/linnet/{deck.relative_to(source)}")
    problems = [f"not installed: {name}" for name in wanted if not (prefix / name).is_file()]
    for path in prefix.rglob("*"):
        if path.suffix in (".cmake", ".pc") and any(p in path.read_text() for p in (build, source)):
            problems.append(f"names the build or source tree: {path.relative_to(prefix)}")
    sys.exit("\n".join(problems) if problems else 0)


if __name__ == "__main__":
    main()
