# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Each rule of tools/check_includes and tools/check_sources fires on a source that breaks it."""
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEAD = "// SPDX-FileCopyrightText: 2026 The Linnet developers\n// SPDX-License-Identifier: BSD-3-Clause\n"
GUARD = "#pragma once\n"
ELSEWHERE = "/".join(["", "home", "somebody", "x.h5"])
SCRIPT = "#!/bin/sh\n" + HEAD.replace("//", "#")
EXECUTABLE = "run"  # files of this name are
HOST = "https:" + "//example.org/x.tar.gz"

# tool, file, text, part of the message (None: accepted)
CASES = [
    ("includes", "src/linnet/grid/a.hpp", "#include <linnet/core/b.hpp>\n", None),
    ("includes", "src/linnet/core/a.hpp", "#include <linnet/core/b.hpp>\n#include <petscksp.h>\n", None),
    ("includes", "src/linnet/core/a.hpp", "#include <linnet/grid/b.hpp>\n", "stands below"),
    ("includes", "src/linnet/krylov/a.cpp", "#include <linnet/multigrid/b.hpp>\n", "stands below"),
    ("includes", "src/linnet/core/a.hpp", "#include <linnet/core/missing.hpp>\n", "no such header"),
    ("includes", "src/linnet/core/a.hpp", '#include "b.hpp"\n', "instead of"),
    ("includes", "src/linnet/kernels/a.hpp", "#include <petscvec.h>\n", "only Kokkos"),
    ("includes", "src/linnet/kernels/a.hpp", "#include <Kokkos_Core.hpp>\n#include <cmath>\n", None),
    ("includes", "src/linnet/kernels/a.hpp", "#include <linnet/core/b.hpp>\n", "may include of core only"),
    ("includes", "src/linnet/stray/a.hpp", "", "not in the list"),
    ("includes", "src/linnet/core/b.hpp", "#include <linnet/core/a.hpp>\n", "in a circle"),
    ("includes", "src/linnet/core/a.cpp", "#include <linnet/core/a.hpp>\n#include <linnet/core/b.hpp>\n", None),
    ("includes", "src/linnet/core/a.cpp", "#include <linnet/core/b.hpp>\n#include <linnet/core/a.hpp>\n", "the first include must be"),
    ("includes", "src/linnet/core/a.cpp", "#include <linnet/core/a.hpp>\n#include <linnet/core/inner/c.hpp>\n", "folders include each other"),
    ("includes", "src/linnet/core/b.cpp", "int f();\n", "the first include must be"),
    ("includes", "src/linnet/core/a.hpp", "#ifndef A\n#endif\n", "#pragma once is missing"),
    ("sources", "src/linnet/core/a.hpp", "int f();\n", None),
    ("sources", "src/linnet/core/a.cpp", f'auto name = "{ELSEWHERE}";\n', "one machine"),
    ("sources", "tools/get", f"{SCRIPT}curl {HOST}\n", "names a host"),
    ("sources", "src/linnet/kernels/a.hpp", "Kokkos::parallel_for(\n  n, f);\n", "needs a label"),
    ("sources", "src/linnet/kernels/a.hpp", 'Kokkos::parallel_for("x", n, f);\n', "must begin with linnet::"),
    ("sources", "src/linnet/kernels/a.hpp", 'Kokkos::parallel_for(\n  "linnet::x", n, f);\n', None),
    ("sources", "src/linnet/kernels/a.hpp", 'Kokkos::fence("x");\n', "must begin with linnet::"),
    ("sources", "src/linnet/core/a.cpp", 'PetscLogEventRegister("ANameThatIsTooLong", id, &e);\n', "longer than 16"),
    ("sources", "src/linnet/core/a.cpp", "// As b.hpp, inner/c.hpp, grid/b.hpp, src/linnet/grid/b.hpp say.\n", None),
    ("sources", "src/linnet/core/a.hpp", "/// <nlohmann/json.hpp>\n", None),
    ("sources", "src/linnet/core/a.hpp", "int f();\n/// See gone.hpp.\n", "a.hpp:5: the comment names gone.hpp"),
    ("sources", "src/linnet/core/a.cpp", "int f(); // see kernels/b.hpp\n", "names kernels/b.hpp, which is not there"),
    ("sources", "tests/a.py", "print(1)\n", "missing in the first lines"),
    ("sources", "tools/run", SCRIPT, None),
    ("sources", "tools/get", SCRIPT, "begins with #! and is not executable"),
    ("sources", "src/linnet/core/run", "", "is executable and does not begin with #!"),
]


def tree(folder, name, text):
    """A small repository with the file to be judged."""
    # Files of the circle: a.hpp includes b.hpp where b.hpp is the case itself.
    for other in ("core/a.hpp", "core/b.hpp", "grid/b.hpp", "multigrid/b.hpp"):
        path = folder / "src/linnet" / other
        path.parent.mkdir(parents=True, exist_ok=True)
        circle = other == "core/a.hpp" and name.endswith("core/b.hpp")
        path.write_text(HEAD + GUARD + ("#include <linnet/core/b.hpp>\n" if circle else ""))
    inner = folder / "src/linnet/core/inner/c.hpp"
    inner.parent.mkdir()
    inner.write_text(HEAD + GUARD + "#include <linnet/core/a.hpp>\n")
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    guard = GUARD if path.suffix == ".hpp" and "#ifndef" not in text else ""
    path.write_text(text if path.suffix == ".py" or text.startswith("#!") else HEAD + guard + text)
    path.chmod(0o755 if path.name == EXECUTABLE else 0o644)


def run(tool, folder):
    command = [sys.executable, str(ROOT / "tools" / f"check_{tool}"), str(folder)]
    return subprocess.run(command, capture_output=True, text=True)


def main():
    wrong = 0
    for tool, name, text, message in CASES:
        with tempfile.TemporaryDirectory() as folder:
            tree(pathlib.Path(folder), name, text)
            done = run(tool, folder)
        accepted = done.returncode == 0
        if accepted != (message is None) or (message and message not in done.stderr):
            print(f"check_{tool} on {name} with {text!r}: {done.stderr or 'accepted'}", file=sys.stderr)
            wrong += 1
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
