// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/toeplitz_lines.hpp>

#include <linnet/kernels/fractional/line_copies.hpp>

namespace linnet::fractional {

ToeplitzLines::ToeplitzLines(const std::vector<CollocationTerm>& terms)
    : product_(LineShare(terms.front().entries->basis().unknowns()), terms) {
  const auto size = static_cast<std::size_t>(product_.size());
  line_ = kernels::zeros<double>("linnet::fractional::line", size);
  image_ = kernels::zeros<double>("linnet::fractional::image", size);
}

void ToeplitzLines::multiply(LineShape shape, const double* x, double* y, bool transposed,
                             bool add) {
  kernels::for_line_blocks(shape, product_.size(), 1, [&](const kernels::LineBlock& line) {
    kernels::take_line(line, x, line_.data());
    product_.multiply(line_.data(), image_.data(), transposed);
    kernels::put_line(line, image_.data(), y, add);
  });
}

} // namespace linnet::fractional
