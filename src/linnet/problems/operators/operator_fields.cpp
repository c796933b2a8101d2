// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/operators/operator_fields.hpp>

#include <linnet/core/error.hpp>
#include <linnet/core/text.hpp>

#include <algorithm>

namespace linnet::problems {

namespace {

// Draws in place of one without a solution have numbers about so far away.
constexpr std::uint64_t next_draw = std::uint64_t{1} << 40;
constexpr int most_draws = 1000;

} // namespace

OperatorFields::OperatorFields(std::unique_ptr<OperatorSampler> sampler,
                               const OperatorFieldsOptions& options)
    : sampler_(std::move(sampler)), options_(options) {
  if (options.with_code && sampler_->code_size() == 0)
    core::throw_usage("the problem has one operator, which needs no code");
  if (!options.given.empty() && !shares_points())
    core::throw_usage("samples have random points of their own or given ones, not both");
  if (shares_points()) grid_ = options.given.empty() ? sampler_->grid() : given_points();
}

std::vector<double> OperatorFields::given_points() const {
  const std::vector<PointAxis>& axes = sampler_->axes();
  std::vector<double> points = options_.given;
  if (points.size() % axes.size() != 0)
    core::throw_usage("points have " + std::to_string(axes.size()) + " coordinate(s)");
  for (std::size_t i = 0; i < points.size(); ++i) {
    const PointAxis& axis = axes[i % axes.size()];
    if (!(points[i] >= 0.0 && points[i] <= 1.0))
      core::throw_usage("a point has the coordinate " + core::number_text(points[i]) + " for " +
                        axis.name + "; coordinates are those of the unit box, from 0 to 1");
    points[i] = points[i] == 1.0 ? axis.high : axis.low + (axis.high - axis.low) * points[i];
  }
  return points;
}

SharedPoints OperatorFields::shared_points() const {
  if (!shares_points()) return {};
  return {coordinates(), options_.given.empty() ? grid() : options_.given};
}

int OperatorFields::sensors() const {
  return sampler_->sensors() + (options_.with_code ? sampler_->code_size() : 0);
}

std::vector<double> OperatorFields::codes() const {
  const auto size = static_cast<std::size_t>(sampler_->code_size());
  std::vector<double> all(size * static_cast<std::size_t>(operator_count()));
  if (size > 0)
    for (int o = 0; o < operator_count(); ++o)
      sampler_->code_of(o, std::span(all).subspan(static_cast<std::size_t>(o) * size, size));
  return all;
}

int OperatorFields::point_count() const {
  return shares_points() ? static_cast<int>(grid_.size()) / coordinates() : options_.points;
}

std::vector<SampledField> OperatorFields::fields() const {
  std::vector<SampledField> fields{{"sensors", sensors()}};
  if (!shares_points()) fields.push_back({"points", point_count() * coordinates()});
  fields.push_back({"solution", point_count() * outputs()});
  return fields;
}

std::string OperatorFields::recipe() const {
  return sampler_->recipe() + (options_.with_code ? "; with the code of the operator" : "") +
         (shares_points() ? "; at the points of a grid"
                          : "; at " + std::to_string(options_.points) + " random point(s) each");
}

std::vector<double> OperatorFields::in_unit_box(std::vector<double> points) const {
  const std::vector<PointAxis>& axes = sampler_->axes();
  for (std::size_t i = 0; i < points.size(); ++i) {
    const PointAxis& axis = axes[i % axes.size()];
    points[i] = (points[i] - axis.low) / (axis.high - axis.low);
  }
  return points;
}

void OperatorFields::make(std::uint64_t number, FieldValues& values) {
  const auto d = static_cast<std::size_t>(coordinates()), n = static_cast<std::size_t>(outputs()),
             count = static_cast<std::size_t>(point_count());
  std::vector<double> input(static_cast<std::size_t>(sensors()));
  const auto own = static_cast<std::size_t>(sampler_->sensors());
  // Of the same operator.
  const auto operators = static_cast<std::uint64_t>(sampler_->operator_count());
  const std::uint64_t stride = next_draw / operators * operators;
  std::uint64_t draw = number;
  for (int tries = 0; !sampler_->draw(draw, std::span(input).first(own)); ++tries) {
    if (tries == most_draws)
      core::throw_usage("of " + std::to_string(most_draws) +
                        " draws none has a solution; take a "
                        "shorter time or smaller functions");
    draw += stride;
  }
  if (options_.with_code) sampler_->code(std::span(input).subspan(own));
  std::vector<double> points = grid_;
  if (!shares_points()) {
    points.resize(count * d);
    sampler_->random_points(draw, options_.points, points);
  }
  std::vector<double> solution(count * n), by_output(count * n);
  sampler_->evaluate(points, solution);
  for (std::size_t q = 0; q < count; ++q)
    for (std::size_t o = 0; o < n; ++o) by_output[o * count + q] = solution[q * n + o];
  values = {std::move(input)};
  if (!shares_points()) values.push_back(in_unit_box(std::move(points)));
  values.push_back(std::move(by_output));
}

} // namespace linnet::problems
