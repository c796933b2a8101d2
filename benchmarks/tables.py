# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Markdown tables of a results file."""
import measure

OURS, DIRECT = "boxmg", "sine transform"


def size_of(case, grid):
    return f"{grid or case['cells']}{'³' if case['dimension'] == 3 else '²'}"


def title_of(case, grid):
    return f"{case['title']}, {size_of(case, grid)}"


def cell(entry):
    """Set-up + solve (iterations), or what happened instead."""
    if not entry:
        return ""
    if entry["outcome"] != "converged":
        return entry["outcome"].split(":")[0] if "seconds" not in entry else f"no ({entry['iterations']})"
    return f"{entry['setup_seconds']:.2f} + {entry['solve_seconds']:.2f} ({entry['iterations']})"


def row(cells):
    return "| " + " | ".join(cells) + " |\n"


def table(head, rows):
    return row(head) + row(["---"] * len(head)).replace(" ", "") + "".join(row(r) for r in rows) + "\n"


def matrix_cases(document, cases):
    return {name: case for name, case in cases.items() if name in document["cases"] and "scaling" not in case}


def peers_of(entries, methods, peers):
    return {m: entries[m] for m in methods
            if m != OURS and "program" not in peers.get(m, {}) and entries.get(m, {}).get("outcome") == "converged"}


def ratio(entries, methods, peers):
    """The fastest peer's time over ours, and its name."""
    ours, others = entries.get(OURS), peers_of(entries, methods, peers)
    if not ours or ours["outcome"] != "converged" or not others:
        return ""
    best = min(others, key=lambda m: others[m]["seconds"])
    return f"**{others[best]['seconds'] / ours['seconds']:.1f}** {best}"


def seconds_table(document, cases, peers, ranks, methods):
    rows = []
    for name, case in matrix_cases(document, cases).items():
        entries = document["cases"][name].get(str(ranks), {})
        if entries:
            rows.append([title_of(case, document["settings"]["grid"])] + [cell(entries.get(m)) for m in methods] +
                        [ratio(entries, methods, peers)])
    return table(["problem", *methods, "best peer / boxmg"], rows) if rows else ""


def memory_table(document, cases, ranks, methods):
    rows = []
    for name, case in matrix_cases(document, cases).items():
        entries = document["cases"][name].get(str(ranks), {})
        if any("peak_memory_mb" in e for e in entries.values()):
            rows.append([title_of(case, document["settings"]["grid"])] +
                        [f"{entries[m]['peak_memory_mb']:.0f}" if "peak_memory_mb" in entries.get(m, {}) else ""
                         for m in methods])
    return table(["problem", *methods], rows) if rows else ""


def krylov_bytes(entry):
    """Per point and iteration of cgfused, with its share of the renewals of the residual (docs/cgfused.md)."""
    renewals = entry.get("renewals", 0) * entry.get("renewal_bytes", 0)
    return entry["vector_bytes"] + renewals / entry["iterations"]


def traffic_table(document, cases):
    rows = []
    for name, case in matrix_cases(document, cases).items():
        for ranks, entries in sorted(document["cases"][name].items()):
            ours, stream = entries.get(OURS), document.get("stream", {}).get(ranks)
            if not ours or "vector_bytes" not in ours or not stream:
                continue
            points = 1
            for n in measure.grid_of(case, int(ranks), document["settings"]["grid"])[0]:
                points *= n
            per_iteration = ours["cycle_bytes"] + krylov_bytes(ours)
            speed = per_iteration * points * ours["iterations"] / ours["solve_seconds"]
            rows.append([title_of(case, document["settings"]["grid"]), ranks, ours["cycle"],
                         f"{ours['cycle_bytes']:.0f}", f"{krylov_bytes(ours):.0f}", f"{per_iteration:.0f}",
                         f"{speed / 1e9:.1f}", f"{100 * speed / stream['bytes_per_second_with_fetched_lines']:.0f} %"])
    head = ["problem", "ranks", "cycle", "bytes of the cycle", "of CG", "together", "GB/s", "of the bandwidth"]
    return table(head, rows) if rows else ""


def stream_table(document):
    rows = [[ranks, f"{s['bytes_per_second'] / 1e9:.1f}", f"{s['best_bytes_per_second'] / 1e9:.1f}",
             f"{s['bytes_per_second_with_fetched_lines'] / 1e9:.1f}"]
            for ranks, s in sorted(document.get("stream", {}).items())]
    return table(["ranks", "triad, GB/s", "best of 15", "with fetched lines"], rows) if rows else ""


def scaling_table(document, cases, kind, cores):
    """Times up to as many ranks as there are cores, beyond them iterations only."""
    rows = []
    for name, case in cases.items():
        if case.get("scaling") != kind or name not in document["cases"]:
            continue
        counts = document["cases"][name]
        for method in dict.fromkeys(m for entries in counts.values() for m in entries):
            cells = [case["title"], method]
            for ranks in case["ranks"]:
                entry = counts.get(str(ranks), {}).get(method)
                text = cell(entry)
                if entry and "iterations" in entry and ranks > cores:
                    text = str(entry["iterations"])
                cells.append(text)
            rows.append(cells)
    if not rows:
        return ""
    ranks = next(case["ranks"] for case in cases.values() if case.get("scaling") == kind)
    return table(["problem", "method", *[f"{r} rank{'s' if r > 1 else ''}" for r in ranks]], rows)


def failures(document, cases):
    lines = []
    for name, counts in document["cases"].items():
        for ranks, entries in counts.items():
            for method, entry in entries.items():
                if entry["outcome"] != "converged":
                    lines.append(f"- {cases.get(name, {}).get('title', name)} (`{name}`), {ranks} rank(s), {method}: "
                                 f"{entry['outcome']}\n")
    return "".join(lines)


def page(document, cases, peers):
    """What stands between the markers of docs/benchmarks.md."""
    cores = int(document["machine"].rsplit(",", 1)[1].split()[0])
    found = {m for counts in document["cases"].values() for entries in counts.values() for m in entries}
    methods = [m for m in peers if m in found]
    repeated = sorted({e["repetitions"] for name in matrix_cases(document, cases)
                       for entries in document["cases"][name].values() for e in entries.values()})
    counts = f"{repeated[0]} to {repeated[-1]}" if len(repeated) > 1 else f"{repeated[0] if repeated else 0}"
    text = (f"Commit {document['commit']}, {document['date']}, {document['machine']}, medians of {counts} "
            f"repetition(s), at most {document['settings']['limit_seconds']:g} s a run, on more than 128³ cells in proportion.\n\n")
    if document.get("left_out"):
        text += f"**Not complete**: {document['left_out']} results are missing.\n\n"
    for ranks in (1, 2):
        seconds = seconds_table(document, cases, peers, ranks, methods)
        if seconds:
            text += f"### Seconds of set-up + solve (iterations), {ranks} rank(s)\n\n{seconds}"
    if failures(document, cases):
        text += f"Not measured to the end:\n\n{failures(document, cases)}\n"
    memory = "".join(f"### Peak memory in MB, {r} rank(s) together\n\n{memory_table(document, cases, r, methods)}"
                     for r in (1, 2) if memory_table(document, cases, r, methods))
    text += memory
    if stream_table(document):
        text += f"### Bandwidth\n\n{stream_table(document)}{traffic_table(document, cases)}"
    for kind in ("strong", "weak"):
        scaling = scaling_table(document, cases, kind, cores)
        if scaling:
            text += f"### {kind.capitalize()} scaling\n\n{scaling}"
    return text
