# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Tables and the plot of docs/solid_benchmarks.md."""
import pathlib
import statistics

import log_plot
from pages import insert
from solid_runs import LARGE
from tables import table

# Header of nonlinear_elasticity_global_rom.cpp in libROM (80aa762): dynamic hyperelasticity, parametric in the initial
# velocity. Name -> seconds on the mesh, reduced seconds, relative errors of position and velocity (None: not given).
PUBLISHED = {
    "two bases, GNAT, 100 samples": [9.17, 4.18, 2.1e-3, 1.39], "two bases, Q-DEIM": [9.17, 4.30, 1.9e-3, 0.98],
    "two bases, EQP": [9.17, 2.70, 1.7e-3, 17.7], "two bases, EQP of a tenth of the snapshots": [9.17, 0.55, 2.5e-3, 1.33],
    "displacement basis, GNAT, 10 points": [9.61, 0.51, 1.3e-2, None], "displacement basis, EQP": [9.61, 0.144, 1.9e-2, None],
    "displacement basis, EQP of a part of the snapshots": [9.61, 0.0141, 2.4e-2, None],
}
PUBLISHED_SETUP = 831


def ended(entries):
    return [run for run in entries.values() if run.get("outcome") == "converged"]


def number(value, digits=3):
    if value is None:
        return "-"
    if value != 0 and (abs(value) < 1e-2 or abs(value) >= 1e5):
        return f"{value:.{digits - 1}e}"
    return f"{value:.{digits}g}" if abs(value) < 1000 else f"{value:.0f}"


def full_table(document):
    rows = []
    for run in sorted(document["full"].values(), key=lambda r: (r["dofs"], r["ranks"])):
        head = [f"{run['dofs']}", str(run["ranks"]), run["method"]]
        if run["outcome"] != "converged":
            rows.append([*head, run["outcome"], *[""] * 10])
            continue
        steps, newton = run["steps"], run["newton_iterations"]
        other = run["linear_seconds"] - run["pc_setup_seconds"] - run["ksp_solve_seconds"]
        rows.append([*head, str(steps), f"{newton / steps:.1f}", f"{run['linear_iterations'] / newton:.0f}",
                     *(number(run[key] / steps) for key in ("force_seconds", "tangent_seconds", "pc_setup_seconds",
                                                            "ksp_solve_seconds")),
                     number(max(0.0, other) / steps), number(run["seconds_per_step"]), number(run["wall_seconds"]),
                     f"{run['peak_memory_mb']:.0f}"])
    return table(["dofs", "ranks", "preconditioner", "steps", "Newton a step", "its a Newton", "law and forces, s",
                  "tangents, s", "set-up, s", "solve, s", "other, s", "**a step, s**", "the run, s", "memory, MB"],
                 rows) if rows else ""


def reduced_table(document):
    rows = [[str(run["dofs"]), str(run["modes_u"]), str(run["points"]), number(1e6 * run["median_seconds_per_step"]),
             number(1e6 * run["seconds_per_step"]), number(run["mesh_seconds_per_step"]), f"**{run['ratio']:.0f}**"]
            for run in sorted(ended(document["reduced"]), key=lambda r: r["dofs"])]
    return table(["dofs", "modes of u", "points", "a reduced step, µs (median)", "(least)", "a step on the mesh, s", "ratio"],
                 rows) if rows else ""


def adaptive_table(document):
    rows = []
    order = sorted((run for run in document["adaptive"].values() if run["dofs"] <= LARGE), key=lambda r: (r["cycles"], r["loading"], r["target"] != "none",
                                                                 -float(r["target"]) if r["target"] != "none" else 0.0))
    for run in order:
        head = [run["loading"], str(run["cycles"]), run["target"]]
        if run["outcome"] != "converged":
            rows.append([*head, run["outcome"], *[""] * 12])
            continue
        seconds = [number(run.get(f"seconds_{key}", 0.0)) for key in ("pre_enrichment", "reduced", "hf", "replay", "update")]
        rows.append([*head, f"{run['hf_steps']} of {run['steps']}", number(run["E_p_max"]),
                     number(run["E_p_max_after"]), number(run["E_u_max"]), number(run["E_sigma_max"]), *seconds, number(run["seconds"]), number(run["mesh_seconds"]),
                     f"**{run['speed_up']:.1f}**"])
    return table(["loading", "cycles", "target", "steps on the mesh", "max E_p", "after 20 s", "max E_u", "max E_sigma", "pre-enrichment, s",
                  "reduced, s", "on the mesh, s", "replay, s", "appends and points, s", "all, s", "without a model, s",
                  "speed-up"], rows) if rows else ""


def direct_table(document):
    """Runs on the mesh and adaptive ones with the direct solver on both sides."""
    rows = []
    for run in document.get("direct", {}).values():
        head = [str(run["dofs"]), str(run["cycles"]), f"adaptive, target {run['target']}" if "target" in run else "on the mesh"]
        if run["outcome"] != "converged":
            rows.append([*head, run["outcome"], *[""] * 4])
        elif "target" in run:
            rows.append([*head, f"{run['hf_steps']} of {run['steps']}", number(run["E_p_max"]), number(run["seconds"]),
                         f"**{run['speed_up']:.1f}**", f"{run['peak_memory_mb']:.0f}"])
        else:
            rows.append([*head, f"{run['steps']} of {run['steps']}", "", number(run["setup_seconds"] + run["solve_seconds"]), "",
                         f"{run['peak_memory_mb']:.0f}"])
    return table(["dofs", "cycles", "run", "steps on the mesh", "max E_p", "all, s", "speed-up", "memory, MB"],
                 rows) if rows else ""


def large_name(part, key, run):
    if part == "recorded":
        return f"{key.split(', ')[1]}, on the mesh, recorded"
    if part == "training":
        return "training"
    return f"{run['loading']}, " + ("reduced" if run["target"] == "none" else f"adaptive, target {run['target']}")


def large_table(document):
    """All runs on meshes above the limit: recordings, training, online runs."""
    rows = [large_row(large_name(part, key, run), run, on_mesh=part == "recorded")
            for part in ("recorded", "training", "adaptive") for key, run in document[part].items() if run["dofs"] > LARGE]
    return table(["dofs", "ranks", "run", "steps on the mesh", "Newton a step", "its a Newton", "modes u / p / sigma", "points",
                  "max E_p", "the run, s", "memory, MB"], rows) if rows else ""


def large_row(name, run, on_mesh):
    head = [str(run["dofs"]), str(run["ranks"]), name]
    if run["outcome"] != "converged":
        return [*head, run["outcome"], *[""] * 7]
    solves = [f"{run['steps']} of {run['steps']}", f"{run['newton_iterations'] / run['steps']:.1f}",
              f"{run['linear_iterations'] / run['newton_iterations']:.0f}"] if on_mesh else [
                  f"{run['hf_steps']} of {run['steps']}" if "hf_steps" in run else "", "", ""]
    model = ["", ""] if on_mesh else [f"{run['modes_u']} / {run['modes_p']} / {run['modes_sigma']}", str(run["points"])]
    return [*head, *solves, *model, number(run["E_p_max"]) if "E_p_max" in run else "", number(run["wall_seconds"]),
            f"{run['peak_memory_mb']:.0f}"]


def quality_table(document):
    rows = [[name, str(found["pairs"]), number(found.get("spearman")), number(found.get("coverage"))]
            for name, found in document.get("quality", {}).items() if found["pairs"]]
    return table(["runs", "pairs", "Spearman of I and E_p", "share of E_p below the estimate"], rows) if rows else ""


def training_table(document):
    rows = []
    for run in sorted(ended(document["points"]), key=lambda r: (r["dofs"], r["ranks"])):
        calibrated = document["training"].get(run["size"], {})
        rest = run["seconds_model"] - run["sweep_seconds"]
        modes, points = run.get("seconds_modes"), run.get("seconds_points")
        rows.append([str(run["dofs"]), str(run["ranks"]), f"{run['modes_u']} / {run['modes_p']} / {run['modes_sigma']}",
                     str(run["cubature_points"]), number(run["seconds_model"]), number(modes), number(points),
                     f"{number(run['sweep_seconds'])} ({run['sweeps']})", number(rest), number(run["seconds_budget"]),
                     number(calibrated.get("seconds_calibration")), f"{run['peak_memory_mb']:.0f}"])
    return table(["dofs", "ranks", "modes u / p / sigma", "points", "modes and points, s", "modes, s", "points, s",
                  "sweeps of the cubature, s (count)", "all but sweeps, s", "error budget, s", "calibration, s", "memory, MB"],
                 rows) if rows else ""


def model_text(document):
    found = document.get("model") or {}
    if not found:
        return ""
    c, target, a = found["coefficients"], found["target"], found["assumptions"]
    rows = [["law and forces, of a Newton iteration", f"{1e6 * c['force']:.2f} µs"],
            ["tangent, of a Newton iteration", f"{1e6 * c['tangent']:.2f} µs"],
            ["set-up of `gamg`", f"{1e6 * c['setup']:.2f} µs, {c['setups_per_newton']:.2f} of a Newton iteration"],
            ["iteration of CG with `gamg`", f"{1e6 * c['iteration']:.3f} µs"],
            ["memory", f"{c['bytes_per_dof']:.0f} bytes, and {1e-6 * c['bytes_per_rank']:.0f} MB a rank"],
            ["Newton iterations of a step", f"{c['newton_per_step']:.2f}"],
            ["linear iterations of a Newton iteration",
             f"{c['least_iterations']:.0f} to {c['most_iterations']:.0f}"]]
    fitted = table([f"core seconds of a dof on {c['ranks']} rank(s), {c['smallest_dofs']} to {c['largest_dofs']} dofs", ""], rows)
    return (
        fitted + f"**Model, not measured**: {target['dofs'] / 1e6:g} million dofs on {target['ranks']} ranks would take "
        f"{number(target['least_seconds_per_step'])} to {number(target['most_seconds_per_step'])} s a step, "
        f"with as many iterations as the runs here took, and {1e-6 * target['bytes_per_rank']:.0f} MB a rank. It assumes that every rank has the share of bandwidth that it has "
        f"here; that cells are spread evenly; {a['exchanges_per_level']} exchanges of "
        f"{1e6 * a['seconds_of_exchange']:g} µs on each of {a['levels']} levels and {a['reductions_per_iteration']} reductions "
        f"of {1e6 * a['seconds_of_reduction_stage']:g} µs times log2(ranks) in every iteration; that the set-up of `gamg` "
        f"keeps {100 * a['efficiency_of_setup']:.0f} % of its efficiency; iterations that do not grow with the mesh: here they fall, on larger meshes "
        "that were given other supports and longer steps. What repeats on "
        "every rank (modes at the points, the rule, the reduced system) does not grow with the mesh.\n"
        + training_model_text(found))


def training_model_text(found):
    if not found.get("training"):
        return ""
    t, target = found["training"], found["target"]
    return (f"\nModes and points take {1e6 * t['seconds_per_dof']:.1f} core µs and {t['bytes_per_dof']:.0f} bytes a dof on up to "
            f"{t['largest_dofs']} dofs, two cycles of 27 steps in memory; by the same model {number(t['target_seconds'])} s and "
            f"{1e-6 * t['target_bytes_per_rank']:.0f} MB a rank on {target['ranks']} ranks, with {t['sweeps']} sweeps of the "
            "cubature and a reduction and a broadcast in each.\n")


def published_table(document):
    rows = [[f"libROM: {name}", number(mesh), number(reduced), f"{mesh / reduced:.1f}", number(u),
             f"velocity {number(v)}" if v else "-"]
            for name, (mesh, reduced, u, v) in document.get("published", PUBLISHED).items()]
    for run in ended(document["adaptive"]):
        if run["dofs"] <= LARGE and run["cycles"] == 1 and run["loading"] == "C":
            name = "reduced" if run["target"] == "none" else f"adaptive, target {run['target']}"
            rows.append([f"blade, {run['dofs']} dofs, unseen C: {name}", number(run["mesh_solve_seconds"]), number(
                run["solve_seconds"]), f"{run['mesh_solve_seconds'] / run['solve_seconds']:.1f}", number(run["E_u_max"]),
                f"plastic strain {number(run['E_p_max'])}"])
    return table(["", "on the mesh, s", "reduced, s", "ratio", "error of u", "error of a derived quantity"], rows)


def panels(document):
    """Seconds of a step over the dofs; a panel for each number of ranks, where it has a curve."""
    result = {}
    reduced = [(run["dofs"], run["step_seconds"]) for run in sorted(ended(document["reduced"]), key=lambda r: r["dofs"])]
    full = sorted(ended(document["full"]), key=lambda r: r["dofs"])
    for ranks in sorted({run["ranks"] for run in full}):
        curves = {}
        for run in full:
            if run["ranks"] == ranks:
                curves.setdefault(run["method"].strip("`"), []).append((run["dofs"], [run["seconds_per_step"]]))
        if len({x for points in curves.values() for x, _ in points}) > 1:
            title = f"degrees of freedom; {ranks} rank{'s' if ranks > 1 else ''}"
            result[title] = {**curves, **({"reduced, 1 rank": reduced} if reduced else {})}
    return result


def head(document):
    commits = sorted({run["commit"] for part in ("full", "recorded", "reduced", "adaptive", "training", "points", "direct")
                      for run in document.get(part, {}).values()})
    return f"Measured on {document['machine']}; commit {', '.join(commits)}.\n\n"


def report(document, page):
    """On the page, or printed where there is none."""
    parts = {"full": head(document) + full_table(document), "reduced": reduced_table(document),
             "adaptive": adaptive_table(document), "quality": quality_table(document), "training": training_table(document),
             "model": model_text(document), "published": published_table(document),
             "large": large_table(document), "direct": direct_table(document)}
    if page is None:
        print(*parts.values(), sep="\n")
        return
    page = pathlib.Path(page)
    axes = panels(document)
    if axes:
        picture = page.parent / "images" / "solid_benchmarks.svg"
        picture.parent.mkdir(exist_ok=True)
        picture.write_text(log_plot.plot(axes, "Seconds of a step", statistics.median))
        parts["full"] = f"![Seconds of a step over the degrees of freedom](images/{picture.name})\n\n" + parts["full"]
    for name, text in parts.items():
        insert(page, name, text or "Not measured yet.\n")
