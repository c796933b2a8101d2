// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Newton-Schulz iteration that turns a matrix into a nearly orthogonal one.
#pragma once

#include <cstdint>
#include <vector>

namespace linnet::nn {

/// Five steps X <- 3.4445 X - 4.7750 (X X^T) X + 2.0315 (X X^T)^2 X of Jordan et al. ("Muon",
/// 2024): singular values in about [0.004, 1] come out between about 0.7 and 1.2, with the singular
/// vectors of before. On the host, through the BLAS; the work space is kept between calls.
template <class T>
class NewtonSchulz {
public:
  /// @p x: @p rows times @p columns, row-major, with singular values of at most 1 (Frobenius norm 1
  /// does). Throws for a matrix beyond the integers of the BLAS.
  void apply(T* x, std::int64_t rows, std::int64_t columns);

private:
  std::vector<T> gram_, polynomial_, copy_;
};

} // namespace linnet::nn
