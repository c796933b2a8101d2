// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Whether a stencil operator is an M-matrix.
#pragma once

#include <linnet/kernels/extremes.hpp>
#include <linnet/kernels/stencil/stencil.hpp>

namespace linnet::kernels {

/// True if no owned coupling and no row sum is negative: with a symmetric operator an M-matrix.
template <class T>
bool is_m_matrix(const StencilOperator<T>& a) {
  for (const auto& c : a.couplings)
    if (has_negative(c)) return false;
  return !has_negative(a.row_sum);
}

} // namespace linnet::kernels
