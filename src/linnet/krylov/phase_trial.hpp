// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Which of two preconditioners lowers the residual of a Krylov method faster, by phases of both.
#pragma once

#include <algorithm>
#include <cmath>

namespace linnet::krylov {

/// The one on trial is taken for ten applications. If they take less than a decade off the
/// residual, the other one is taken for as many; where that is faster the trial is lost, else it
/// goes on, with phases twice as long each time. So the one on trial costs at most its first phase
/// where it loses, and a third of all applications are the other's where it wins slowly.
class PhaseTrial {
public:
  /// Before each application, with the residual at that time, above zero.
  void look(double residual) {
    if (!has_start_) {
      start_ = residual;
      has_start_ = true;
      done_ = 0;
    }
    if (done_ >= length_) end_phase(residual);
    ++done_;
  }
  /// The residual of another solve begins anew, and with it the phase.
  void begin_solve() { has_start_ = false; }
  /// True in phases of the other one.
  [[nodiscard]] bool takes_other() const { return other_; }
  [[nodiscard]] bool is_lost() const { return lost_; }

private:
  static constexpr int longest = 1 << 20;

  void end_phase(double residual) {
    const double gain = std::log(start_ / residual);
    if (other_) {
      lost_ = !(gain < gain_);
      length_ = std::min(2 * length_, longest);
      other_ = false;
    } else {
      gain_ = gain;
      other_ = !(gain >= std::log(10.0) * length_ / first);
    }
    start_ = residual;
    done_ = 0;
  }

  static constexpr int first = 10;
  double start_ = 0.0, gain_ = 0.0;
  int done_ = 0, length_ = first;
  bool has_start_ = false, other_ = false, lost_ = false;
};

} // namespace linnet::krylov
