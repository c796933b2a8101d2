#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Runs an app and checks how it ends: exit code, its one line on stderr, stdout, no hang."""
import argparse
import os
import re
import signal
import subprocess
import sys
import threading
import time


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--app", default="probe", help="name before the colon of its lines")
    parser.add_argument("--exit", type=int, default=0)
    parser.add_argument("--line", help="pattern of the one error line; none: there must be none")
    parser.add_argument("--warning", action="append", default=[], help="pattern of each warning")
    parser.add_argument("--stdout", action="append", default=[], help="pattern in stdout")
    parser.add_argument("--stderr", action="append", default=[], help="pattern in stderr")
    parser.add_argument("--absent", action="append", default=[], help="pattern in no output")
    parser.add_argument("--traceback", action="store_true", help="PETSc's traceback is expected")
    parser.add_argument("--most-lines", type=int, help="of stdout")
    parser.add_argument("--env", action="append", default=[], help="NAME=VALUE")
    parser.add_argument("--signal", help="sent to the command after 'step' shows on stdout")
    parser.add_argument("--limit", type=float, default=30, help="seconds")
    parser.add_argument("command", nargs="+")
    return parser.parse_args()


def run(args):
    environment = dict(os.environ, **dict(item.split("=", 1) for item in args.env))
    child = subprocess.Popen(args.command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             text=True, env=environment)
    err = []
    reader = threading.Thread(target=lambda: err.append(child.stderr.read()))
    reader.start()
    timer = threading.Timer(args.limit, child.kill)
    timer.start()
    begin, out = time.time(), ""
    for line in child.stdout:
        out += line
        if args.signal and line.startswith("step"):
            child.send_signal(getattr(signal, "SIG" + args.signal))
            args.signal = None
    code = child.wait()
    reader.join()
    timer.cancel()
    return code, out, err[0], time.time() - begin >= args.limit


def check(args, code, out, err, hung):
    mine = [line for line in err.splitlines() if line.startswith(args.app + ": ")]
    warnings = [line for line in mine if line.startswith(args.app + ": warning: ")]
    errors = [line for line in mine if line not in warnings]
    faults = []
    if hung:
        faults.append(f"still running after {args.limit} s")
    if code != args.exit:
        faults.append(f"exit code {code}, expected {args.exit}")
    if len(errors) != (1 if args.line else 0):
        faults.append(f"{len(errors)} error lines")
    if args.line and not any(re.search(args.line, line) for line in errors):
        faults.append(f"no error line matches {args.line}")
    if len(warnings) != len(args.warning):
        faults.append(f"{len(warnings)} warnings, expected {len(args.warning)}")
    faults += [f"no warning matches {w}" for w in args.warning
               if not any(re.search(w, line) for line in warnings)]
    faults += [f"stdout lacks {p}" for p in args.stdout if not re.search(p, out, re.M)]
    faults += [f"stderr lacks {p}" for p in args.stderr if not re.search(p, err, re.M)]
    faults += [f"output has {p}" for p in args.absent if re.search(p, out + err, re.M)]
    if args.traceback != ("PETSC ERROR" in err):
        faults.append("PETSc's traceback is " + ("missing" if args.traceback else "there"))
    if args.most_lines and len(out.splitlines()) > args.most_lines:
        faults.append(f"{len(out.splitlines())} lines on stdout")
    return faults


def main():
    args = parse()
    code, out, err, hung = run(args)
    faults = check(args, code, out, err, hung)
    if faults:
        print("\n".join(faults), "\n--- stdout\n" + out, "\n--- stderr\n" + err, sep="")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
