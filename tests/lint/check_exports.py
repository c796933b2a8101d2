# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""The plug-in shows its two entry points and nothing else: another Kokkos in the process would
otherwise bind to its symbols.

usage: check_exports.py NM PLUGIN
"""
import subprocess
import sys

WANTED = {"PetscDLLibraryRegister_linnet", "LinnetInitialize"}


def main():
    nm, plugin = sys.argv[1:]
    listing = subprocess.run([nm, "-D", "--defined-only", plugin], check=True, capture_output=True, text=True)
    shown = {line.split()[-1].split("@")[0] for line in listing.stdout.splitlines() if line.strip()}
    if shown != WANTED:
        for name in sorted(shown - WANTED):
            print(f"exported but should be hidden: {name}", file=sys.stderr)
        for name in sorted(WANTED - shown):
            print(f"not exported: {name}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
