// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A batch each of whose members stands several times behind itself, and the adjoint.
#pragma once

#include <linnet/kernels/tensor.hpp>

namespace linnet::kernels {

/// y(c, i times + j) = x(c, i) for j < @p times.
template <class T>
void repeat_members(const Tensor<T>& x, int times, const Tensor<T>& y) {
  const T* const from = x.origin();
  T* const to = y.origin();
  const std::ptrdiff_t pitch_x = x.pitch, pitch_y = y.pitch;
  const int members = x.layout.n[0];
  Kokkos::parallel_for(
      "linnet::kernels::repeat_members", Kokkos::RangePolicy<ExecutionSpace>(0, x.channels),
      KOKKOS_LAMBDA(int c) {
        for (int i = 0; i < members; ++i) {
          const T value = from[c * pitch_x + i];
          T* const row = to + c * pitch_y + static_cast<std::ptrdiff_t>(i) * times;
          for (int j = 0; j < times; ++j) row[j] = value;
        }
      });
}

/// x(c, i) = the sum of y(c, i times + j) over j < @p times.
template <class T>
void add_repeated_members(const Tensor<T>& y, int times, const Tensor<T>& x) {
  const T* const from = y.origin();
  T* const to = x.origin();
  const std::ptrdiff_t pitch_x = x.pitch, pitch_y = y.pitch;
  const int members = x.layout.n[0];
  Kokkos::parallel_for(
      "linnet::kernels::add_repeated_members", Kokkos::RangePolicy<ExecutionSpace>(0, x.channels),
      KOKKOS_LAMBDA(int c) {
        for (int i = 0; i < members; ++i) {
          const T* const row = from + c * pitch_y + static_cast<std::ptrdiff_t>(i) * times;
          double sum = 0.0;
          for (int j = 0; j < times; ++j) sum += static_cast<double>(row[j]);
          to[c * pitch_x + i] = static_cast<T>(sum);
        }
      });
}

} // namespace linnet::kernels
