// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Notices directions that are valid but lead nowhere.
#pragma once

#include <algorithm>
#include <cmath>

namespace linnet::krylov {

/// Watches the residual and what each direction of a preconditioner gained. While the residual
/// falls by a tenth now and then there is no suspicion, and nothing is computed; after that many
/// steps without, one classical direction is tried beside them, and the larger gain decides. Phases
/// of classical directions become longer each time, so that in the end they carry the solve.
class ProgressGuard {
public:
  /// A step of the preconditioner lowered the squared energy error by @p gain and left a residual
  /// of norm @p residual.
  void record(double gain, double residual) {
    gain_ += gain;
    ++steps_;
    if (!(residual < fall * least_)) return;
    least_ = residual;
    forget();
  }
  [[nodiscard]] bool is_suspicious() const { return steps_ >= patience; }
  /// True if a classical direction that gains @p gain is the better choice; a phase begins.
  bool prefers_classical(double gain, double residual) {
    const bool better = gain > gain_ / steps_;
    forget();
    least_ = residual;
    if (!better) return false;
    classical_left_ = phase_;
    phase_ = std::min(2 * phase_, longest_phase);
    return true;
  }
  /// Takes one step off the phase of classical directions, if there is one.
  bool takes_classical() { return classical_left_ > 0 && classical_left_-- > 0; }

private:
  static constexpr double fall = 0.9;
  static constexpr int patience = 20, longest_phase = 1 << 20;
  void forget() { gain_ = 0.0, steps_ = 0; }

  double gain_ = 0.0, least_ = HUGE_VAL;
  int steps_ = 0, classical_left_ = 0, phase_ = 20;
};

} // namespace linnet::krylov
