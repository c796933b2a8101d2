// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The samples of a training run.
#pragma once

#include "operator.hpp"

#include <linnet/nn/training/sample_file.hpp>

namespace app {

/// Samples of one matrix, by their numbers among all.
struct SampleRange {
  std::int64_t first = 0, count = 0;
};

/// Makes the file of samples unless it holds those that the options ask for. Returns the seconds
/// it took. @p matrix_text: fingerprint() of the matrices. The first rank does the work alone:
/// rounding decides which copies of a multiple eigenvalue Lanczos meets, and so samples would
/// depend on how sums are cut over ranks. @p matrix_file: find_matrix_file(). Collective on the
/// communicator of @p context.
double make_samples(const linnet::core::AppContext& context, const std::string& matrix_file,
                    const std::string& matrix_text);

/// Shows work on one matrix; silent where there are several, since these are counted then.
linnet::core::Progress matrix_progress(const linnet::core::AppContext& context,
                                       const std::string& title, std::int64_t total);

/// Right-hand sides mixed of Ritz vectors, and what A e = b has for them. Not collective.
void write_ritz_samples(const linnet::core::AppContext& context, const GridOperator& a,
                        const SampleRange& range, linnet::nn::SampleWriter& writer);
/// Residuals that a solver meets, and their errors.
void write_met_samples(const linnet::core::AppContext& context, const GridOperator& a,
                       const SampleRange& range, linnet::nn::SampleWriter& writer);
/// White noise without what the matrix has in its null space, and no solutions.
void write_noise_samples(const linnet::core::AppContext& context, const GridOperator& a,
                         const SampleRange& range, linnet::nn::SampleWriter& writer);

} // namespace app
