// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/toeplitz_lines.hpp>

namespace linnet::fractional {

ToeplitzLines::ToeplitzLines(const std::vector<CollocationTerm>& terms)
    : product_(LineShare(terms.front().entries->basis().unknowns()), terms),
      line_(static_cast<std::size_t>(product_.size())), image_(line_.size()) {}

void ToeplitzLines::multiply(LineShape shape, const double* x, double* y, bool transposed,
                             bool add) {
  const long size = product_.size();
  for (long b = 0; b < shape.outer; ++b)
    for (long a = 0; a < shape.inner; ++a) {
      const long start = a + shape.inner * size * b;
      for (long i = 0; i < size; ++i)
        line_[static_cast<std::size_t>(i)] = x[start + shape.inner * i];
      product_.multiply(line_.data(), image_.data(), transposed);
      for (long i = 0; i < size; ++i) {
        double& to = y[start + shape.inner * i];
        to = (add ? to : 0.0) + image_[static_cast<std::size_t>(i)];
      }
    }
}

} // namespace linnet::fractional
