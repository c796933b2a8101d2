// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A bordered Toeplitz matrix for lines that are too long for a dense one: line by line, by Fourier
/// transforms.
#pragma once

#include <linnet/fractional/bordered_toeplitz.hpp>
#include <linnet/fractional/lines.hpp>

namespace linnet::fractional {

class ToeplitzLines final : public LineMatrix {
public:
  explicit ToeplitzLines(const std::vector<CollocationTerm>& terms);
  void multiply(LineShape shape, const double* x, double* y, bool transposed, bool add) override;
  [[nodiscard]] double memory() const override { return product_.memory(); }

private:
  BorderedToeplitz product_;
  kernels::Array<double> line_, image_;
};

} // namespace linnet::fractional
