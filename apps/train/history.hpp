// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The losses of a training run as tables.
#pragma once

#include <linnet/nn/training/trainer.hpp>

#include <string>

namespace app {

/// Writes @p stem.history.csv and @p stem.history.h5 (dataset /history, one row per epoch: epoch,
/// training loss, held-out loss, rate). Collective; the files are the old or the new ones.
void write_history(MPI_Comm comm, const std::string& stem,
                   const std::vector<linnet::nn::EpochRecord>& history);

/// Writes the best objective after each evaluation to @p path. Collective.
void write_values(MPI_Comm comm, const std::string& path, const std::vector<double>& values);

} // namespace app
