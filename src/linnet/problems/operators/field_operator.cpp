// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/operators/field_operator.hpp>

#include <linnet/problems/operators/two_phase_darcy.hpp>

#include <algorithm>

namespace linnet::problems {

FieldOperator::FieldOperator(std::unique_ptr<FieldSampler> fields, std::uint64_t seed)
    : OperatorSampler(seed), fields_(std::move(fields)) {
  const char* names[] = {"x", "y"};
  for (std::size_t d = 0; d < 2; ++d) {
    axes_.push_back(equispaced_axis(names[d], 0.0, 1.0, fields_->points()[d]));
    axes_.back().anywhere = false;
  }
}

int FieldOperator::sensors() const { return static_cast<int>(core::volume(fields_->points())); }

bool FieldOperator::draw(std::uint64_t number, std::span<double> input) {
  fields_->make(number, values_);
  std::copy(values_[0].begin(), values_[0].end(), input.begin());
  return true;
}

void FieldOperator::evaluate(std::span<const double> points, std::span<double> values) {
  for (std::size_t p = 0; p < values.size(); ++p)
    values[p] = values_[1][point_index(axes_[0], points[2 * p]) +
                           axes_[0].points.size() * point_index(axes_[1], points[2 * p + 1])];
}

std::unique_ptr<OperatorSampler> darcy_operator(std::uint64_t seed, int kept, int refinement) {
  constexpr int intervals = 420;
  TwoPhaseDarcyOptions options;
  options.stride = refinement * ((intervals + kept - 2) / (kept - 1));
  options.nodes = options.stride * (kept - 1) + 1;
  options.seed = seed;
  return std::make_unique<FieldOperator>(std::make_unique<TwoPhaseDarcy>(options), seed);
}

} // namespace linnet::problems
