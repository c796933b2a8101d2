// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/banded_lines.hpp>

#include <linnet/core/kokkos_session.hpp>
#include <linnet/core/petsc.hpp>
#include <linnet/kernels/host_blocks.hpp>

#include <algorithm>

namespace linnet::fractional {

BandedLines::BandedLines(const SplineBasis& basis)
    : size_(basis.unknowns()),
      width_(static_cast<int>(std::min<long>(basis.degree() + 1, basis.unknowns()))) {
  LINNET_CHECK(core::ensure_kokkos());
  for (long i = 0; i < size_; ++i) {
    const SplineBasis::Values v = basis.values(basis.greville(i));
    const long first = std::clamp(v.first, 0L, size_ - width_);
    first_.push_back(first);
    for (long j = first; j < first + width_; ++j) {
      const long at = j - v.first;
      const bool inside = at >= 0 && at < v.count;
      values_.push_back(inside ? v.value[static_cast<std::size_t>(at)] : 0.0);
    }
  }
}

// Element by element for all lines at once: the inner loop is contiguous but for inner = 1, where
// it is over the band.
void BandedLines::multiply(LineShape shape, const double* x, double* y, bool transposed, bool add) {
  constexpr long block = 4096; // of inner values
  const long inner = shape.inner, stride = inner * size_, parts = (inner + block - 1) / block;
  kernels::for_blocks("riesz mass", parts * shape.outer, [&](long part) {
    const long b = part / std::max(1L, parts), low = part % std::max(1L, parts) * block;
    const long high = std::min(inner, low + block);
    const double* line = x + b * stride;
    double* image = y + b * stride;
    for (long i = 0; !add && i < size_; ++i)
      std::fill(image + inner * i + low, image + inner * i + high, 0.0);
    for (long i = 0; i < size_; ++i) {
      const double* values = values_.data() + i * width_;
      const long first = first_[static_cast<std::size_t>(i)];
      for (int k = 0; k < width_; ++k) {
        const double value = values[k];
        const double* from = line + inner * (transposed ? i : first + k);
        double* to = image + inner * (transposed ? first + k : i);
        for (long a = low; a < high; ++a) to[a] += value * from[a];
      }
    }
  });
}

double BandedLines::memory() const {
  return static_cast<double>(sizeof(double) * (values_.size() + first_.size()));
}

} // namespace linnet::fractional
