// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// When a network that keeps failing is left out, and for how long.
#pragma once

#include <algorithm>

namespace linnet::nonlinear {

/// After three refusals in a row it is left out for 8 steps, then tried once; each further refusal
/// doubles the pause. A step that is taken ends all this.
class NetworkPause {
public:
  /// True if this step goes without the network.
  bool skips() { return left_ > 0 && left_-- > 0; }
  void judge(bool taken) {
    if (taken) {
      refused_ = 0;
      pause_ = shortest;
      return;
    }
    if (++refused_ < most_in_a_row) return;
    left_ = pause_;
    pause_ = std::min(2 * pause_, longest);
  }

private:
  static constexpr int most_in_a_row = 3, shortest = 8, longest = 1 << 20;
  int refused_ = 0, left_ = 0, pause_ = shortest;
};

} // namespace linnet::nonlinear
