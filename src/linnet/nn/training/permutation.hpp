// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Random orders of samples that nobody has to store.
#pragma once

#include <linnet/core/random.hpp>

#include <bit>
#include <cstdint>

namespace linnet::nn {

/// A bijection of 0..count-1, another one for every seed and round: a Feistel network of four
/// rounds over the next even number of bits, repeated until it ends below count (Luby and Rackoff,
/// SIAM J. Comput. 17 (1988) 373; cycle walking: Black and Rogaway, CT-RSA 2002). An epoch's order
/// depends on nothing but these numbers, so that training goes on anywhere after a restart.
class Permutation {
public:
  Permutation(std::uint64_t count, std::uint64_t seed, std::uint64_t round)
      : count_(count), seed_(seed), round_(round) {
    const int bits = count > 1 ? std::bit_width(count - 1) : 1;
    half_ = (bits + 1) / 2;
  }
  /// What stands at place @p i < count.
  [[nodiscard]] std::uint64_t operator()(std::uint64_t i) const {
    do {
      i = scramble(i);
    } while (i >= count_);
    return i;
  }

private:
  [[nodiscard]] std::uint64_t scramble(std::uint64_t x) const {
    const std::uint64_t mask = (std::uint64_t{1} << half_) - 1;
    std::uint64_t left = x >> half_, right = x & mask;
    for (std::uint32_t step = 0; step < 4; ++step) {
      const auto bits = core::philox(
          {static_cast<std::uint32_t>(right), static_cast<std::uint32_t>(right >> 32), step,
           static_cast<std::uint32_t>(round_)},
          {static_cast<std::uint32_t>(seed_), static_cast<std::uint32_t>(seed_ >> 32)});
      const std::uint64_t next = left ^ ((std::uint64_t{bits[0]} << 32 | bits[1]) & mask);
      left = right;
      right = next;
    }
    return left << half_ | right;
  }

  std::uint64_t count_, seed_, round_;
  int half_ = 1;
};

} // namespace linnet::nn
