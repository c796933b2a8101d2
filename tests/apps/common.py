# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""What the app tests share: running an app under mpirun and reading what it wrote."""
import argparse
import json
import os
import signal
import subprocess
import sys
import time


def arguments():
    """--work FOLDER --app PROGRAM --mpi LAUNCHER"""
    parser = argparse.ArgumentParser()
    for name in ("work", "app", "mpi"):
        parser.add_argument("--" + name, required=True)
    return parser.parse_args()


def fail(text):
    sys.exit(text)


def attempt(mpi, ranks, app, arguments, limit=120, shell=None):
    """Runs the app; its exit code and everything it printed."""
    command = [mpi, "-n", str(ranks)] + (shell or []) + [app] + [str(a) for a in arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        fail(f"still running after {limit} s: {' '.join(command)}")
    return done.returncode, done.stdout + done.stderr


def run(mpi, ranks, app, arguments, limit=120, expect=0, shell=None):
    """Runs the app; ends the test unless its exit code is `expect`. Returns everything it printed."""
    code, text = attempt(mpi, ranks, app, arguments, limit, shell)
    if code != expect:
        fail(f"exit code {code}, expected {expect}: {app} {' '.join(map(str, arguments))}\n{text}")
    return text


def start(mpi, ranks, app, arguments):
    """Starts the app and does not wait for it: what `kill` takes."""
    command = [mpi, "-n", str(ranks), app] + [str(a) for a in arguments]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def state_and_parent(pid):
    """Of a process that is there; its name, in parentheses, may hold anything."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            state, parent = file.read().rsplit(")", 1)[1].split()[:2]
        return state, int(parent)
    except OSError:
        return None


def descendants(pid):
    children = {}
    for process in filter(str.isdigit, os.listdir("/proc")):
        if found := state_and_parent(process):
            children.setdefault(found[1], []).append(int(process))
    result = [pid]
    for parent in result:  # grows meanwhile
        result += children.get(parent, [])
    return result[1:]


def runs(pid):
    found = state_and_parent(pid)
    return found is not None and found[0] not in "XZ"


def kill(run):
    """kill -9 of the launcher and of every rank: when it returns none of them can write any more.

    The ranks are in process groups of their own and outlive a launcher that is killed alone."""
    processes = [run.pid] + descendants(run.pid)
    for pid in processes:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    run.wait()
    limit = time.time() + 30
    while any(runs(pid) for pid in processes):
        if time.time() > limit:
            fail(f"processes {processes} do not end")
        time.sleep(0.01)


def results(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def check_fields(stem):
    """The field files must be sound."""
    tool = os.path.join(os.path.dirname(__file__), "..", "..", "tools", "check_fields")
    done = subprocess.run([sys.executable, tool, stem + ".xdmf"], capture_output=True, text=True)
    if done.returncode != 0:
        fail(done.stdout + done.stderr)
