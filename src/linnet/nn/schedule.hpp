// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Learning rate as a function of the step alone: a restart needs no state of it.
#pragma once

#include <cstdint>

namespace linnet::nn {

enum class ScheduleType { constant, cosine, inverse_time, inverse_square_root, step };

/// All types rise linearly through the first `warm_up` steps, to the full rate at the last of them.
/// With k = step - warm_up from then on:
///
///     constant             rate
///     cosine               rate (f + (1 - f) (1 + cos(pi k / (steps - warm_up))) / 2), then rate f
///     inverse_time         rate / (1 + decay k)
///     inverse_square_root  rate / sqrt(1 + decay k)
///     step                 rate factor^floor(k / period)
///
/// The cosine is that of Loshchilov and Hutter, ICLR 2017, f = final_fraction. The inverse square
/// root of Vaswani et al., NeurIPS 2017, has decay = 1 / warm_up.
struct Schedule {
  ScheduleType type = ScheduleType::constant;
  double rate = 1e-3;
  std::int64_t warm_up = 0;
  std::int64_t steps = 1000; ///< of cosine, warm-up included
  double final_fraction = 0.0;
  double decay = 1e-4; ///< per step
  std::int64_t period = 1000;
  double factor = 0.5;
};

/// Learning rate of step number @p step, from 0 on. Throws a usage Error where @p schedule makes no
/// sense. Not collective.
double rate(const Schedule& schedule, std::int64_t step);

} // namespace linnet::nn
