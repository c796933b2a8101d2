# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""A model of the communication of one iteration, from the levels that the library plans (levels.cpp).

Of the busiest rank: a halo exchange sends one message to each of its neighbours (26 in a halo with edges and
corners), which are all under way at once but cost the processor `OVERHEAD` each; `LATENCY` passes once, and the
bytes leave at `BANDWIDTH`. A level that moves to fewer ranks is gathered by one rank of each group and sent
back. An inner product takes 2 log2(ranks) latencies. Levels are done one after the other.
"""
import json
import math
import subprocess

LATENCY, OVERHEAD, BANDWIDTH = 2e-6, 0.3e-6, 5e9  # s, s per message, bytes/s of a rank
MEMORY = 5e9  # bytes/s of a rank that shares its memory with others
POINTS = 64  # per rank and direction
RANKS = [1, 2, 4, 8, 16, 32, 46]  # per direction
# Exchanges of a level: layers around its own points, and around the coarse points of this rank. Bytes that a level
# moves per point of its own (src/linnet/multigrid/memory_traffic.hpp).
STAR = {"fine": [3], "coarse": [2], "bytes": 57.5}  # right-hand side; correction
MARCHED = {"fine": [3], "coarse": [2], "bytes": 99.5}  # the same
# 27 entries a row: f, t, u and r on the way down, u, r and t on the way up; correction
FULL = {"fine": [1] * 7, "coarse": [1], "bytes": 455.5}
CYCLES = {"stars": (STAR, STAR), "black box": (MARCHED, FULL)}  # the finest level, all others
KRYLOV_BYTES = 94  # per point, in mixed precision with two renewals in eight iterations, docs/cgfused.md
INNER_PRODUCTS = 3


class Cost:
    def __init__(self):
        self.messages, self.bytes, self.seconds = 0, 0.0, 0.0

    def add(self, messages, size):
        if messages == 0:
            return
        self.messages += messages
        self.bytes += size
        self.seconds += LATENCY + OVERHEAD * messages + size / BANDWIDTH


def neighbours(ranks):
    """Of the busiest of ranks[0] x ranks[1] x ranks[2]."""
    return math.prod(min(r, 3) for r in ranks) - 1


def exchange(cost, points, ranks, layers, value=4):
    inner = math.prod(points)
    outer = math.prod(n + layers * min(r - 1, 2) for n, r in zip(points, ranks))
    cost.add(neighbours(ranks), (outer - inner) * value)


def cycle_cost(levels, kind):
    cost = Cost()
    for number, level in enumerate(levels):
        passes = CYCLES[kind][min(number, 1)]
        points = [math.ceil(n / r) for n, r in zip(level["points"], level["ranks"])]
        group = math.prod(level["merge"])
        if group > 1:  # there and back
            share = math.prod(points) * 4 * (group - 1) / group
            cost.add(group - 1, share)
            cost.add(group - 1, share)
        if level["direct"]:
            continue
        for layers in passes["fine"]:
            exchange(cost, points, level["ranks"], layers)
        for layers in passes["coarse"]:
            exchange(cost, [math.ceil(n / 2) for n in points], level["ranks"], layers)
    return cost


def krylov_cost(ranks):
    """The halo of the product (faces, double precision) and the inner products."""
    cost = Cost()
    sides = sum(min(ranks - 1, 2) for _ in range(3))
    cost.add(sides, sides * POINTS ** 2 * 8)
    total = ranks ** 3
    if total > 1:
        rounds = INNER_PRODUCTS * 2 * math.ceil(math.log2(total))
        cost.seconds += rounds * LATENCY
        cost.messages += rounds
    return cost


def local_seconds(levels, kind):
    """Of the busiest rank, which takes part in all levels: the bytes that it moves."""
    moved = KRYLOV_BYTES * POINTS ** 3
    for number, level in enumerate(levels):
        mine = math.prod(math.ceil(n / r) for n, r in zip(level["points"], level["ranks"]))
        if not level["direct"]:
            moved += mine * CYCLES[kind][min(number, 1)]["bytes"]
    return moved / MEMORY


def model(build):
    command = [str(build / "benchmarks/levels"), str(POINTS), *map(str, RANKS)]
    planned = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    rows = []
    for ranks, plan in zip(RANKS, planned):
        for kind in CYCLES:
            cycle, krylov = cycle_cost(plan["levels"], kind), krylov_cost(ranks)
            local = local_seconds(plan["levels"], kind)
            talk = cycle.seconds + krylov.seconds
            rows.append({"ranks": plan["ranks"], "cycle": kind, "levels": len(plan["levels"]),
                         "gathered": sum(math.prod(level["merge"]) > 1 for level in plan["levels"]),
                         "messages": cycle.messages, "kilobytes": cycle.bytes / 1e3,
                         "cycle_microseconds": 1e6 * cycle.seconds, "krylov_microseconds": 1e6 * krylov.seconds,
                         "local_microseconds": 1e6 * local, "efficiency": local_seconds(planned[0]["levels"], kind) /
                         (local + talk)})
    return rows


def table(rows):
    head = ["ranks", "cycle", "levels (gathered)", "messages", "kB", "µs, cycle", "µs, CG", "µs, local work",
            "efficiency"]
    text = "| " + " | ".join(head) + " |\n|" + "---|" * len(head) + "\n"
    for r in rows:
        text += (f"| {r['ranks']} | {r['cycle']} | {r['levels']} ({r['gathered']}) | {r['messages']} "
                 f"| {r['kilobytes']:.0f} | {r['cycle_microseconds']:.0f} | {r['krylov_microseconds']:.0f} "
                 f"| {r['local_microseconds']:.0f} | {100 * r['efficiency']:.0f} % |\n")
    return text
