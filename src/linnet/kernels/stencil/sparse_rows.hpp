// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Sparse matrices with few rows or few terms, beside the stencil operators: their rows may stand
/// for any positions of a field.
#pragma once

#include <linnet/kernels/compat.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace linnet::kernels {

/// @p values in the memory of the kernels.
template <class T>
Array<T> array_of(const char* label, const std::vector<T>& values) {
  Array<T> out(std::string(label), values.size());
  Kokkos::deep_copy(out, Kokkos::View<const T*, HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>>(
                             values.data(), values.size()));
  return out;
}

/// One entry: where its row writes, where it reads, and the value.
struct SparseTerm {
  std::ptrdiff_t row;
  std::ptrdiff_t column;
  double value;
};

/// Row r writes at position row(r) and has the terms first(r) .. first(r+1).
struct SparseRows {
  Array<std::ptrdiff_t> row;
  Array<int> first;
  Array<std::ptrdiff_t> column;
  Array<double> value;

  SparseRows() = default;
  /// Terms in any order; those of one row are added up in the order of their columns.
  explicit SparseRows(std::vector<SparseTerm> terms) {
    std::sort(terms.begin(), terms.end(), [](const SparseTerm& a, const SparseTerm& b) {
      return a.row != b.row ? a.row < b.row : a.column < b.column;
    });
    std::vector<std::ptrdiff_t> rows, columns;
    std::vector<int> begins;
    std::vector<double> values;
    for (const SparseTerm& t : terms) {
      if (rows.empty() || rows.back() != t.row) {
        rows.push_back(t.row);
        begins.push_back(static_cast<int>(values.size()));
      }
      columns.push_back(t.column);
      values.push_back(t.value);
    }
    begins.push_back(static_cast<int>(values.size()));
    row = array_of("linnet::kernels::sparse_row", rows);
    first = array_of("linnet::kernels::sparse_first", begins);
    column = array_of("linnet::kernels::sparse_column", columns);
    value = array_of("linnet::kernels::sparse_value", values);
  }
};

/// y += factor A x; x may be y if no row reads what another writes.
template <class X, class Y>
void add_product(const SparseRows& a, double factor, const Array<X>& x, const Array<Y>& y) {
  const auto row = a.row;
  const auto first = a.first;
  const auto column = a.column;
  const auto value = a.value;
  Kokkos::parallel_for(
      "linnet::kernels::sparse_rows", Kokkos::RangePolicy<ExecutionSpace>(0, row.size()),
      KOKKOS_LAMBDA(const int r) {
        double sum = 0.0;
        for (int t = first(r); t < first(r + 1); ++t)
          sum += value(t) * static_cast<double>(x(column(t)));
        y(row(r)) += static_cast<Y>(factor * sum);
      });
}

} // namespace linnet::kernels
