# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""One run of one method on one case, in a process of its own."""
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
ENVIRONMENT = {
    "OMPI_ALLOW_RUN_AS_ROOT": "1",
    "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    "OMPI_MCA_rmaps_base_oversubscribe": "1",
    "OMPI_MCA_mpi_yield_when_idle": "1",
    "OMPI_MCA_hwloc_base_binding_policy": "none",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    # Large pages for whatever PETSc and hypre allocate: the first touch of a small one is a trap, which on some
    # virtual machines takes longer than the work on it.
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}
KEPT = ("converged", "iterations", "relative_residual", "setup_seconds", "solve_seconds", "peak_memory_mb",
        "unknowns")
# What -ksp_view says of a cycle that is not black-box multigrid.
CYCLES = {"linear interpolation": "stars", "one byte per cell": "coded star"}
TRAFFIC = re.compile(r"memory traffic: ([0-9.]+) bytes per point")
VECTORS = {"vector_bytes": re.compile(r"vectors: (\d+) bytes per point"),
           "renewal_bytes": re.compile(r"a renewal: (\d+) bytes per point"),
           "renewals": re.compile(r"formed anew in fp64 (\d+) times so far")}


def grid_of(case, ranks, override=None):
    """Cells per direction, and the extent that keeps the cells cubes."""
    cells = override or case["cells"]
    shape = [cells] * case["dimension"]
    if case.get("scaling") == "weak":
        if override:
            shape = [max(4, cells // 2)] * case["dimension"]
        factor, direction = ranks, case["dimension"] - 1
        while factor > 1:  # powers of two: z, y, x, z, ...
            shape[direction] *= 2
            factor //= 2
            direction = (direction - 1) % case["dimension"]
    extent = [n / min(shape) for n in shape]
    return shape, extent


def levels_of(shape):
    """Levels of a geometric hierarchy down to about 4 (in 2-D 8) cells per direction."""
    least, levels = 4 if len(shape) == 3 else 8, 1
    while all(n % 2 == 0 and n // 2 >= least for n in shape):
        shape, levels = [n // 2 for n in shape], levels + 1
    return levels


def options_of(case, ranks, peer, override=None):
    """The options of the app, in an order in which later ones win."""
    shape, extent = grid_of(case, ranks, override)
    options = ["-options_file", f"inputs/diffusion/{case['deck']}.yaml"] if "deck" in case else []
    options += ["-diffusion_grid", ",".join(map(str, shape))]
    if max(extent) > 1:
        options += ["-diffusion_extent", ",".join(f"{e:g}" for e in extent)]
    options += case.get("options", []) + peer["options"] + peer.get(f"options_{case['dimension']}d", [])
    if peer.get("geometric"):
        options += ["-pc_mg_levels", str(max(2, levels_of(shape)))]
    if peer.get("compress") and case.get("obstacles"):
        options += ["-diffusion_compress_solids"]
    if "boxmg" in peer["options"]:
        options += ["-ksp_view"]  # for the memory traffic
    return options


def run(command, limit):
    """Exit code (None: over the limit), output, errors, seconds. Ends what it started, and nothing else."""
    begin = time.monotonic()
    child = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **ENVIRONMENT}, stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        out, err = child.communicate(timeout=limit)
        code = child.returncode
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGTERM)
        try:
            out, err = child.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            out, err = child.communicate()
        code = None
    return code, out, err, time.monotonic() - begin


def reason_of(code, err):
    lines = [line.strip() for line in err.splitlines() if line.strip() and not line.startswith("---")]
    told = [line for line in lines if "diffusion:" in line or "ERROR" in line] or lines
    return f"{told[0][:160] if told else 'no word'} (exit code {code})"


def traffic_of(text):
    found = TRAFFIC.findall(text)
    return float(found[-1]) if found else None


def measure(build, case, ranks, peer, limit, override=None, extra=()):
    """A dictionary with `outcome` (converged, over N s, or why it failed), `wall_seconds` and what was measured."""
    if "program" in peer:
        shape, _ = grid_of(case, ranks, override)
        code, out, err, wall = run([str(build / "benchmarks" / peer["program"]), str(shape[0])], limit)
        result = json.loads(out) if code == 0 else None
    else:
        with tempfile.TemporaryDirectory() as folder:
            results = os.path.join(folder, "results.json")
            command = ["mpirun", "-n", str(ranks), str(build / "apps/diffusion"),
                       *options_of(case, ranks, peer, override), "-ksp_rtol", "1e-8", "-diffusion_output", "none",
                       "-linnet_results", results, "-linnet_unused_options", "ignore", *extra]
            code, out, err, wall = run(command, limit)
            result = json.loads(pathlib.Path(results).read_text()) if os.path.exists(results) else None
    record = {"wall_seconds": round(wall, 3)}
    if code is None:
        return {**record, "outcome": f"over {limit:g} s"}
    if result is None:
        return {**record, "outcome": "failed: " + reason_of(code, err)}
    record.update({key: result[key] for key in KEPT})
    record["outcome"] = ("converged" if result["converged"] else
                         f"not converged: {result.get('reason')}, {result['iterations']} iterations")
    if traffic_of(out):
        record["cycle_bytes"] = traffic_of(out)
        record.update({key: int(found[-1]) for key, words in VECTORS.items() if (found := words.findall(out))})
        record["cycle"] = next((kind for words, kind in CYCLES.items() if words in out), "black box")
    return record


def stream(build, ranks, values=None):
    """Bandwidth of the memory in bytes per second, see stream.cpp."""
    command = ["mpirun", "-n", str(ranks), str(build / "benchmarks/stream")] + ([str(values)] if values else [])
    code, out, err, _ = run(command, 120)
    if code != 0:
        raise SystemExit(f"stream failed: {err.strip()[:200]}")
    return json.loads(out)
