// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Whether initial guesses save iterations, by those of the solves with and without one.
#pragma once

#include <algorithm>

namespace linnet::krylov {

/// Two solves in a row that take a tenth more iterations with a guess than those without one took
/// on average lately end in a pause: the next eight solves start from zero, and twice as many each
/// time after that. A guess that pays ends the doubling. (A tenth, so that rounding, which may cost
/// a solve an iteration on another number of ranks, seldom decides.)
class GuessRecord {
public:
  /// Before a solve: false in a pause.
  [[nodiscard]] bool wants_guess() const { return pause_ == 0; }
  /// After a solve.
  void add(bool guessed, int iterations) {
    pause_ = std::max(pause_ - 1, 0);
    if (!guessed) {
      without_ = solves_ == 0 ? iterations : without_ + weight * (iterations - without_);
      ++solves_;
      return;
    }
    if (solves_ == 0) return;
    const bool loses = iterations > loss * without_;
    losses_ = loses ? losses_ + 1 : 0;
    if (iterations < without_) length_ = first;
    if (losses_ < enough) return;
    pause_ = length_;
    length_ = std::min(2 * length_, longest);
    losses_ = 0;
  }

private:
  static constexpr int first = 8, longest = 1024, enough = 2;
  static constexpr double weight = 0.25, loss = 1.1;

  double without_ = 0.0; ///< iterations of a solve from zero
  int solves_ = 0;       ///< from zero
  int losses_ = 0, pause_ = 0, length_ = first;
};

} // namespace linnet::krylov
