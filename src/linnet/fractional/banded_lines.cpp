// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/banded_lines.hpp>

#include <linnet/core/kokkos_session.hpp>
#include <linnet/core/petsc.hpp>
#include <linnet/kernels/fractional/banded_product.hpp>
#include <linnet/kernels/staging.hpp>

#include <algorithm>

namespace linnet::fractional {

/// Rows of equal width, on the host.
struct BandedLines::Band {
  long size, width;
  std::vector<long> first;
  std::vector<double> values;

  [[nodiscard]] std::size_t place(long i, long j) const {
    return static_cast<std::size_t>(i * width + j - first[static_cast<std::size_t>(i)]);
  }

  static Band collocation(const SplineBasis& basis);
  [[nodiscard]] Band transpose() const;
};

BandedLines::Band BandedLines::Band::collocation(const SplineBasis& basis) {
  const long n = basis.unknowns();
  Band band{n, std::min<long>(basis.degree() + 1, n), {}, {}};
  for (long i = 0; i < n; ++i) {
    const SplineBasis::Values v = basis.values(basis.greville(i));
    const long first = std::clamp(v.first, 0L, n - band.width);
    band.first.push_back(first);
    for (long j = first; j < first + band.width; ++j) {
      const long at = j - v.first;
      const bool inside = at >= 0 && at < v.count;
      band.values.push_back(inside ? v.value[static_cast<std::size_t>(at)] : 0.0);
    }
  }
  return band;
}

BandedLines::Band BandedLines::Band::transpose() const {
  const long n = size;
  std::vector<long> lowest(static_cast<std::size_t>(n), n), behind(lowest.size(), 0);
  for (long i = 0; i < n; ++i)
    for (long j = first[static_cast<std::size_t>(i)], k = 0; k < width; ++j, ++k) {
      lowest[static_cast<std::size_t>(j)] = std::min(lowest[static_cast<std::size_t>(j)], i);
      behind[static_cast<std::size_t>(j)] = i + 1;
    }
  Band t{n, 1, {}, {}};
  for (std::size_t j = 0; j < lowest.size(); ++j)
    t.width = std::max(t.width, behind[j] - lowest[j]);
  for (const long row : lowest) t.first.push_back(std::clamp(row, 0L, n - t.width));
  t.values.resize(static_cast<std::size_t>(n * t.width), 0.0);
  for (long i = 0; i < n; ++i)
    for (long j = first[static_cast<std::size_t>(i)], k = 0; k < width; ++j, ++k)
      t.values[t.place(j, i)] = values[place(i, j)];
  return t;
}

BandedLines::Rows BandedLines::keep(const Band& band) {
  return {static_cast<int>(band.width),
          kernels::device_copy<long>("linnet::fractional::first", band.first),
          kernels::device_copy<double>("linnet::fractional::band", band.values)};
}

BandedLines::BandedLines(const SplineBasis& basis) : size_(basis.unknowns()) {
  LINNET_CHECK(core::ensure_kokkos());
  const Band band = Band::collocation(basis);
  rows_ = keep(band);
  columns_ = keep(band.transpose());
}

void BandedLines::multiply(LineShape shape, const double* x, double* y, bool transposed, bool add) {
  const Rows& a = transposed ? columns_ : rows_;
  kernels::multiply_banded({a.first.data(), a.values.data(), size_, a.width}, shape, x, y, add);
}

double BandedLines::memory() const {
  return static_cast<double>(sizeof(double)) *
         static_cast<double>(rows_.values.extent(0) + rows_.first.extent(0) +
                             columns_.values.extent(0) + columns_.first.extent(0));
}

} // namespace linnet::fractional
