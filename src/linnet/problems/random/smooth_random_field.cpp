// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/random/smooth_random_field.hpp>

#include <linnet/core/text.hpp>
#include <linnet/linalg/symmetric_eigen.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::problems {

namespace {

constexpr double rounding = 1e-14;
/// Of the numbers of the modes of a line, apart from each other.
constexpr std::uint64_t mode_stride = std::uint64_t{1} << 20;

std::vector<double> covariance(int nodes, double length) {
  if (nodes < 2 || !(length > 0.0) || !std::isfinite(length))
    core::throw_usage("smooth random field: " + std::to_string(nodes) + " nodes, length " +
                      core::number_text(length) +
                      "; at least 2 nodes and a positive length are needed");
  const auto n = static_cast<std::size_t>(nodes);
  std::vector<double> k(n * n);
  for (std::size_t j = 0; j < n; ++j)
    for (std::size_t i = 0; i < n; ++i) {
      const double distance = (static_cast<double>(i) - static_cast<double>(j)) / (nodes - 1);
      k[i + n * j] = std::exp(-0.5 * std::pow(distance / length, 2));
    }
  return k;
}

} // namespace

SmoothRandomField::SmoothRandomField(int nodes, double length) : nodes_(nodes) {
  const auto n = static_cast<std::size_t>(nodes);
  const auto e = linalg::symmetric_eigen(PETSC_COMM_SELF, nodes, covariance(nodes, length));
  for (std::size_t m = 0; m < n && e.values[m] > rounding * e.values[0]; ++m, ++rank_)
    for (std::size_t i = 0; i < n; ++i)
      root_.push_back(e.vectors[i + n * m] * std::sqrt(e.values[m]));
}

std::vector<double> SmoothRandomField::draw(const core::RandomStream& stream) const {
  const auto n = static_cast<std::size_t>(nodes_), rank = static_cast<std::size_t>(rank_);
  std::vector<double> lines(n * rank, 0.0), values(n * n, 0.0);
  for (std::size_t b = 0; b < rank; ++b)
    for (std::size_t a = 0; a < rank; ++a) {
      const double z = stream.normal(a + mode_stride * b);
      for (std::size_t i = 0; i < n; ++i) lines[i + n * b] += root_[i + n * a] * z;
    }
  for (std::size_t b = 0; b < rank; ++b)
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t i = 0; i < n; ++i) values[i + n * j] += lines[i + n * b] * root_[j + n * b];
  return values;
}

std::vector<double> on_other_nodes(const std::vector<double>& values, int from, int to) {
  if (from == to) return values;
  const auto place = [&](int i, double& t) {
    const double x = static_cast<double>(i) * (from - 1) / (to - 1);
    const int lower = std::min(static_cast<int>(x), from - 2);
    t = x - lower;
    return static_cast<std::size_t>(lower);
  };
  const auto n = static_cast<std::size_t>(from);
  std::vector<double> result;
  result.reserve(static_cast<std::size_t>(to) * static_cast<std::size_t>(to));
  for (int j = 0; j < to; ++j)
    for (int i = 0; i < to; ++i) {
      double s = 0.0, t = 0.0;
      const std::size_t x = place(i, s), y = place(j, t), p = x + n * y;
      result.push_back((1.0 - t) * ((1.0 - s) * values[p] + s * values[p + 1]) +
                       t * ((1.0 - s) * values[p + n] + s * values[p + n + 1]));
    }
  return result;
}

} // namespace linnet::problems
