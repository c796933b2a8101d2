# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Measured tables on pages of docs/, between markers."""
import pathlib


def insert(page, name, text):
    """Replaces what stands between the markers `name`."""
    page = pathlib.Path(page)
    begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->\n"
    old = page.read_text()
    if begin not in old or end not in old:
        raise SystemExit(f"{page} has no markers {begin.strip()} and {end.strip()}")
    head, rest = old.split(begin, 1)
    page.write_text(head + begin + "\n" + text.rstrip() + "\n\n" + end + rest.split(end, 1)[1])
    print(f"written to {page}")
