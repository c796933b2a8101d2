// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Learning rate and momentum as functions of the step alone: a restart needs no state of them.
#pragma once

#include <cstdint>
#include <optional>

namespace linnet::nn {

enum class ScheduleType { constant, cosine, inverse_time, inverse_square_root, step, one_cycle };

/// All types rise linearly through the first `warm_up` steps, to the full rate at the last of them.
/// With k = step - warm_up from then on:
///
///     constant             rate
///     cosine               rate (f + (1 - f) (1 + cos(pi k / (steps - warm_up))) / 2), then rate f
///     inverse_time         rate / (1 + decay k)
///     inverse_square_root  rate / sqrt(1 + decay k)
///     step                 rate factor^floor(k / period)
///     one_cycle            changes every period steps, N = steps / period times in all; with
///                          m = floor(k / period) and r = rise N - 1, from rate start_fraction up
///                          to rate at m = r and down to rate start_fraction final_fraction at N -
///                          1, each along half a wave of the cosine
///
/// The cosine is that of Loshchilov and Hutter, ICLR 2017, f = final_fraction. The inverse square
/// root of Vaswani et al., NeurIPS 2017, has decay = 1 / warm_up. The one cycle is that of Smith
/// and Topin (arXiv 1708.07120) as PyTorch's OneCycleLR has it: start_fraction is 1 / div_factor,
/// final_fraction 1 / final_div_factor, rise pct_start, and its momentum falls and rises again
/// where the rate rises and falls.
struct Schedule {
  ScheduleType type = ScheduleType::constant;
  double rate = 1e-3;
  std::int64_t warm_up = 0;
  std::int64_t steps = 1000; ///< of cosine, warm-up included, and of one_cycle
  double final_fraction = 0.0;
  double decay = 1e-4; ///< per step
  std::int64_t period = 1000;
  double factor = 0.5;
  double start_fraction = 0.04, rise = 0.3;              ///< of one_cycle
  double least_momentum = 0.85, largest_momentum = 0.95; ///< of one_cycle
};

/// Learning rate of step number @p step, from 0 on. Throws a usage Error where @p schedule makes no
/// sense. Not collective.
double rate(const Schedule& schedule, std::int64_t step);

/// Momentum of that step, for types that change it: one_cycle.
std::optional<double> momentum(const Schedule& schedule, std::int64_t step);

} // namespace linnet::nn
