// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Which of two preconditioners lowers the residual of a Krylov method faster, by phases of both.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

namespace linnet::krylov {

/// The one on trial is taken for ten applications. If they take less than a decade off the
/// residual, the other one is taken for ten; where that is faster the trial is lost, else it goes
/// on, with phases four times as long each time. So the one on trial costs its first phase where it
/// loses, and where it wins slowly, ever fewer applications are the other's.
class PhaseTrial {
public:
  /// Before each application, with the residual at that time, above zero, and whether the
  /// application before was one of the one on trial.
  void look(double residual, bool own) {
    if (!has_start_) {
      has_start_ = true;
      begin_phase(residual);
    } else if (own) {
      add(std::log(last_ / residual));
    }
    last_ = residual;
    if (done_ >= (other_ ? first : length_)) end_phase(residual);
    ++done_;
  }
  /// The residual of another solve begins anew, and with it the phase.
  void begin_solve() {
    has_start_ = false;
    own_ = 0;
    rate_ = 0.0;
  }
  /// Natural logarithms that an application of the one on trial took off the residual lately, on
  /// average over three at least; 0 before.
  [[nodiscard]] double rate() const { return rate_; }
  /// Those that the last two took, on average; infinite before.
  [[nodiscard]] double recent_rate() const {
    return own_ >= 2 ? 0.5 * (gains_[0] + gains_[1]) : std::numeric_limits<double>::infinity();
  }
  static constexpr double least_rate = 0.23; ///< a decade in ten
  /// True in phases of the other one.
  [[nodiscard]] bool takes_other() const { return other_; }
  [[nodiscard]] bool is_lost() const { return lost_; }
  [[nodiscard]] bool has_won() const { return won_; } ///< the last comparison

private:
  static constexpr int first = 10, longest = 1 << 20, enough = 3;

  void add(double gain) {
    gains_[own_++ % 2] = gain;
    sum_ += gain;
    if (++counted_ >= enough) rate_ = sum_ / counted_;
  }

  void begin_phase(double residual) {
    start_ = residual;
    done_ = counted_ = 0;
    sum_ = 0.0;
  }

  void end_phase(double residual) {
    const double gain = std::log(start_ / residual);
    if (other_) {
      lost_ = !(gain * length_ < gain_ * first);
      won_ = !lost_;
      length_ = std::min(4 * length_, longest);
      other_ = false;
    } else {
      gain_ = gain;
      other_ = !(gain >= least_rate * length_);
    }
    begin_phase(residual);
  }

  double start_ = 0.0, last_ = 0.0, gain_ = 0.0;
  double gains_[2] = {};          ///< of the last two applications of the one on trial
  double sum_ = 0.0, rate_ = 0.0; ///< of its applications in this phase
  int own_ = 0, counted_ = 0;     ///< of them in this solve and in this phase
  int done_ = 0, length_ = first;
  bool has_start_ = false, other_ = false, lost_ = false, won_ = false;
};

} // namespace linnet::krylov
