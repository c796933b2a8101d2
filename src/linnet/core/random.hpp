// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random
/// numbers: as easy as 1, 2, 3", SC'11. A value depends on (seed, stream, index) alone, so any rank
/// can make any sample and results do not depend on the number of ranks.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>

namespace linnet::core {

/// One Philox4x32-10 block: 128 random bits from a 128-bit counter and a 64-bit key.
constexpr std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> c,
                                              std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t{0xD2511F53u} * c[0];
    const std::uint64_t p1 = std::uint64_t{0xCD9E8D57u} * c[2];
    c = {static_cast<std::uint32_t>(p1 >> 32) ^ c[1] ^ key[0], static_cast<std::uint32_t>(p1),
         static_cast<std::uint32_t>(p0 >> 32) ^ c[3] ^ key[1], static_cast<std::uint32_t>(p0)};
    key[0] += 0x9E3779B9u;
    key[1] += 0xBB67AE85u;
  }
  return c;
}

/// The stream number @p stream of the generator with the seed @p seed.
class RandomStream {
public:
  constexpr RandomStream(std::uint64_t seed, std::uint64_t stream) : seed_(seed), stream_(stream) {}

  /// Uniform in (0,1), never 0 or 1; 53 random bits.
  [[nodiscard]] constexpr double uniform(std::uint64_t index) const {
    const auto b = block(index);
    const std::uint64_t bits = (std::uint64_t{b[0]} << 32 | b[1]) >> 11;
    return (static_cast<double>(bits) + 0.5) * 0x1p-53;
  }

  /// Standard normal deviate (Box-Muller).
  [[nodiscard]] double normal(std::uint64_t index) const {
    const auto b = block(index);
    const double u1 =
        (static_cast<double>((std::uint64_t{b[0]} << 32 | b[1]) >> 11) + 0.5) * 0x1p-53;
    const double u2 =
        (static_cast<double>((std::uint64_t{b[2]} << 32 | b[3]) >> 11) + 0.5) * 0x1p-53;
    return std::sqrt(-2.0 * std::log(u1)) * std::cos(6.283185307179586476925 * u2);
  }

private:
  [[nodiscard]] constexpr std::array<std::uint32_t, 4> block(std::uint64_t index) const {
    return philox({static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32),
                   static_cast<std::uint32_t>(stream_), static_cast<std::uint32_t>(stream_ >> 32)},
                  {static_cast<std::uint32_t>(seed_), static_cast<std::uint32_t>(seed_ >> 32)});
  }

  std::uint64_t seed_;
  std::uint64_t stream_;
};

} // namespace linnet::core
