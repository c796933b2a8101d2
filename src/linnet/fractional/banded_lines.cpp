// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/banded_lines.hpp>

#include <algorithm>

namespace linnet::fractional {

BandedLines::BandedLines(const SplineBasis& basis)
    : size_(basis.unknowns()),
      width_(static_cast<int>(std::min<long>(basis.degree() + 1, basis.unknowns()))) {
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
  const long inner = shape.inner, stride = inner * size_;
  if (!add) std::fill_n(y, stride * shape.outer, 0.0);
  for (long b = 0; b < shape.outer; ++b, x += stride, y += stride)
    for (long i = 0; i < size_; ++i) {
      const double* values = values_.data() + i * width_;
      const long first = first_[static_cast<std::size_t>(i)];
      for (int k = 0; k < width_; ++k) {
        const double value = values[k];
        const double* from = x + inner * (transposed ? i : first + k);
        double* to = y + inner * (transposed ? first + k : i);
        for (long a = 0; a < inner; ++a) to[a] += value * from[a];
      }
    }
}

double BandedLines::memory() const {
  return static_cast<double>(sizeof(double) * (values_.size() + first_.size()));
}

} // namespace linnet::fractional
