// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Random projection of distributed vectors to a few numbers that keep their lengths and angles
/// about as they are (Johnson and Lindenstrauss; see Martinsson and Tropp, "Randomized numerical
/// linear algebra", Acta Numerica 29, 2020, section 8).
///
/// key_j = sum over rows i of g_ij v_i / sqrt(keys), with independent normal g_ij: the mean of
/// |key|^2 is |v|^2, with a relative deviation of sqrt(2 / keys). g_ij hangs on the seed, on j and
/// on the place of row i alone, which is that in natural order for vectors of a DMDA and the global
/// number for others, so that keys do not depend on the number of ranks beyond rounding.
#pragma once

#include <linnet/core/petsc.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace linnet::linalg {

class GaussianSketch {
public:
  /// Most keys.
  static constexpr int limit = 64;

  /// For vectors of the layout of @p like; takes 4 bytes per key (rounded up to 8 keys) and row.
  /// @p keys from 1 to limit. Not collective.
  GaussianSketch(Vec like, int keys, std::uint64_t seed);

  [[nodiscard]] int keys() const { return keys_; }
  /// Fills @p key with the keys of @p v; the same bits on all ranks. Collective; flops are logged.
  void apply(Vec v, std::span<double> key) const;

private:
  int keys_;
  std::size_t rows_ = 0;
  std::vector<float> factors_; ///< panels of 8 keys: rows_ times 8 numbers each
};

} // namespace linnet::linalg
