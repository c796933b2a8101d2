#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Runs a deck at reduced size with a small network on 1, 2 and 4 ranks: no option may stay unused, and all fields must
have the same bits."""
import models


def main():
    args = models.arguments("deck")
    model, _, _ = models.train(args, models.DARCY)
    models.same_on_all_ranks(args, "deck", ["-options_file", args.deck, "-predict_model", model, *args.options])


if __name__ == "__main__":
    main()
