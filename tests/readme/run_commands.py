# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Runs the shell blocks of one page, and checks that the files and presets it names exist.

usage: run_commands.py PAGE SOURCE BUILD

Blocks marked `sh` run in a scratch folder that shows the repository through links, apps on small
grids. Commands that set up or test the repository itself are checked, not run.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

FENCE = re.compile(r"^```(\w*).*?\n(.*?)^```", re.M | re.S)
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
CODE = re.compile(r"`([^`\n]+)`")
PRESET = re.compile(r"cmake (?:--build |--workflow )?--preset ([\w-]+)")
# Paths inside the repository that a page may name.
OWN_PATH = re.compile(r"(?:^|\s)((?:apps|cmake|docs|examples|inputs|meshes|models|src|tests|tools|\.ci)/[\w./-]+)")
OF_THE_REPOSITORY = re.compile(r"^(tools/(?:setup|demo|test)|\.ci/run)\b")
CONFIGURE = re.compile(r"^cmake (--build |--workflow )?--preset")

# Later options win: the apps get grids that take a second.
PRELUDE = """
set -eu -o pipefail
small() {
  case " $* " in
    *" build/apps/diffusion "*2d*) printf -- '-diffusion_grid 24,24' ;;
    *" build/apps/riesz "*2d.yaml*) printf -- '-riesz_n 24,24' ;;
    *" build/apps/solid "*blade.yaml*|*" build/apps/solid "*blade_train*|*" build/apps/solid "*blade_adaptive*) printf -- '-solid_mesh_cells 4,2,8 -solid_times 20:4,24,32,55,120,220,240:2' ;;
    *" build/apps/train "*npsdo*.yaml*) printf -- '-train_grid 16 -train_geometries 5 -train_samples 20 -train_validation 0.2 -train_met_steps 5 -train_solver_steps 3 -train_batch 2 -train_epochs 1' ;;
    *" build/apps/train "*waves*.yaml*) printf -- '-train_grid 17 -train_wave_frequency 170 -train_geometries 5 -train_samples 20 -train_validation 0.2 -train_solver_steps 2 -train_batch 4 -train_epochs 1' ;;
    *" build/apps/train "*darcy*deeponet*) printf -- '-train_solve_grid 29 -train_stride 1 -train_samples 60 -train_test 20 -train_validation 10 -train_batch 15 -train_epochs 2' ;;
    *" build/apps/train "*antiderivative*|*" build/apps/train "*square_wave*|*" build/apps/train "*burgers*|*" build/apps/train "*deeponet*) printf -- '-train_samples 90 -train_test 20 -train_validation 10 -train_batch 20 -train_epochs 3' ;;
    *" build/apps/train "*lemon_pretrain*) printf -- '-train_families heat,wave -train_family_operators 2 -train_samples 24 -train_test 8 -train_batch 8 -train_epochs 2' ;;
    *" build/apps/train "*lemon_meta*) printf -- '-train_families heat,wave -train_family_operators 3 -train_samples 180 -train_batch 2 -train_epochs 2' ;;
    *" build/apps/train "*lemon_tune*) printf -- '-train_samples 14 -train_test 4 -train_epochs 2' ;;
    *" build/apps/train "*ranks_per_sample*) printf -- '-train_solve_grid 256 -train_samples 4 -train_validation 1 -train_test 1 -train_batch 2 -train_mgno_channels 6' ;;
    *" build/apps/train "*nonlinear_*.yaml*) printf -- '-train_solve_grid 16 -train_samples 24 -train_validation 4 -train_test 4 -train_batch 2 -train_mgno_channels 8 -train_epochs 1' ;;
    *" build/apps/train "*basis*.yaml*) printf -- '-train_samples 60 -train_test 10 -train_basis_size 20' ;;
    *" build/apps/train "*darcy*.yaml*) printf -- '-train_solve_grid 32 -train_samples 40 -train_validation 8 -train_test 4 -train_epochs 1' ;;
    *" build/apps/train "*.yaml*) printf -- '-train_grid 8 -train_samples 20 -train_ritz_steps 50 -train_epochs 1' ;;
    *" build/apps/diffusion "*.yaml*) printf -- '-diffusion_grid 16,16,16' ;;
  esac
}
mpirun() { command mpirun "$@" $(small "$@"); }
"""


def presets(source):
    listed = json.loads((source / "CMakePresets.json").read_text())
    return {preset["name"] for kind in ("configurePresets", "workflowPresets") for preset in listed[kind]}


def named_things(page, text, source):
    """Problems with links, paths and presets anywhere on the page."""
    known = presets(source)
    for target in LINK.findall(text):
        if not target.startswith("http") and not (page.parent / target).exists():
            yield f"link to a missing file: {target}"
    shell = "\n".join(body for kind, body in FENCE.findall(text) if kind == "sh")
    # In running text only what begins with a path is one; `!include inputs/x.yaml` is an example.
    inline = [code for code in CODE.findall(FENCE.sub("", text)) if not code.startswith(("$", "!"))]
    for code in inline + shell.splitlines():
        for name in PRESET.findall(code):
            if name not in known:
                yield f"no such preset: {name}"
        for path in OWN_PATH.findall(code):
            # A place holder (<app>, foo) is not a path.
            if "foo" not in path and "<" not in code and not (source / path).exists():
                yield f"no such file: {path}"


def check_own_command(line, source):
    """A command that sets up or tests the repository: it exists, and a tool explains itself."""
    command = line.split()[0]
    if not os.access(source / command, os.X_OK):
        return f"{command} is not an executable file"
    if command.startswith("tools/"):
        done = subprocess.run([source / command, "--help"], capture_output=True, text=True)
        if done.returncode != 0 or not done.stdout.strip():
            return f"{command} --help fails"
    return None


def run_block(body, scratch, environment):
    print(body, flush=True)
    done = subprocess.run(["bash", "-c", PRELUDE + body], cwd=scratch, env=environment, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    print(done.stdout, flush=True)
    if done.returncode != 0:
        return f"exit code {done.returncode} from:\n{body}"
    if re.search(r"unused option|WARNING! There are options", done.stdout):
        return f"an option was not used in:\n{body}"
    return None


def run_page(text, source, build, scratch):
    for entry in source.iterdir():
        if entry.name not in ("build", "output", ".git"):
            (scratch / entry.name).symlink_to(entry)
    (scratch / "build").symlink_to(build)
    environment = dict(os.environ, HOME=str(scratch))
    for kind, body in FENCE.findall(text):
        if kind != "sh":
            continue
        lines = body.replace("\\\n", " ").splitlines()
        own = [line for line in lines if OF_THE_REPOSITORY.match(line)]
        yield from filter(None, (check_own_command(line, source) for line in own))
        rest = [line for line in lines if line not in own and not CONFIGURE.match(line)]
        if any(line.strip() for line in rest):
            problem = run_block("\n".join(rest), scratch, environment)
            if problem:
                yield problem


def main():
    page, source, build = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    text = page.read_text(encoding="utf-8")
    problems = list(named_things(page, text, source))
    with tempfile.TemporaryDirectory() as scratch:
        problems += run_page(text, source, build, pathlib.Path(scratch))
    for problem in problems:
        print(f"{page.name}: {problem}", file=sys.stderr)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
