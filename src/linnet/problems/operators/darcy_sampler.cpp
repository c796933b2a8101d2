// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/operators/darcy_sampler.hpp>

#include <linnet/core/text.hpp>

namespace linnet::problems {

namespace {

int checked(int nodes, int stride) {
  require_sampling("Darcy flow", nodes, 3, stride);
  return nodes;
}

} // namespace

DarcySampler::DarcySampler(int nodes, int stride, double side)
    : nodes_(checked(nodes, stride)), stride_(stride), solver_(nodes, side),
      source_(static_cast<std::size_t>(nodes) * static_cast<std::size_t>(nodes), 1.0) {}

std::vector<SampledField> DarcySampler::fields() const { return {{"coefficient"}, {"solution"}}; }

core::Index3 DarcySampler::points() const {
  const int kept = kept_points(nodes_, stride_);
  return {kept, kept, 1};
}

std::string DarcySampler::method() const {
  return std::to_string(nodes_) + " nodes per direction, boundary included, every " +
         std::to_string(stride_) +
         "-th kept; finite volumes, coefficient of a face = mean of its two nodes; conjugate "
         "gradients with boxmg to a relative residual of " +
         core::number_text(DarcySolver::tolerance);
}

void DarcySampler::make(std::uint64_t number, FieldValues& values) {
  const std::vector<double> a = coefficient(number);
  std::vector<double> u;
  solver_.solve(a, source_, u);
  values = {keep_every(a, nodes_, stride_), keep_every(u, nodes_, stride_)};
}

} // namespace linnet::problems
