// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/operators/ode_operators.hpp>

#include <linnet/core/text.hpp>
#include <linnet/problems/operators/dormand_prince.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::problems {

namespace {

constexpr double tolerance = 1e-13; // of a step
constexpr double infinite = 1e6;

} // namespace

OdeOperator::OdeOperator(const FunctionSpaceOptions& space, int sensors, int grid, int refinement)
    : OperatorSampler(space.seed), space_(make_function_space(space)),
      sensors_(sensors), axes_{equispaced_axis("x", 0.0, space.interval, grid)},
      step_(space.interval / space_->pieces() / refinement),
      states_(static_cast<std::size_t>(space_->pieces()) * static_cast<std::size_t>(refinement) +
              1) {}

bool OdeOperator::advance(double start, double end, State& s) const {
  const auto of = [this](double t, const State& y, State& dy) { rate(space_->value(t), y, dy); };
  return integrate(of, start, end, s, tolerance, infinite);
}

bool OdeOperator::draw(std::uint64_t number, std::span<double> input) {
  space_->draw(number);
  space_->sample(sensors_, input.data());
  State s{};
  for (std::size_t n = 1; n < states_.size(); ++n) {
    if (!advance(step_ * static_cast<double>(n - 1), step_ * static_cast<double>(n), s))
      return false;
    states_[n] = s;
  }
  return true;
}

void OdeOperator::evaluate(std::span<const double> points, std::span<double> values) {
  for (std::size_t p = 0; p < values.size(); ++p) {
    const double t = points[p];
    require_within(axes_[0], t);
    const std::size_t n = std::min(static_cast<std::size_t>(t / step_), states_.size() - 1);
    State s = states_[n];
    // Has been passed before by a step that was as long or longer.
    advance(step_ * static_cast<double>(n), t, s);
    values[p] = s[0];
  }
}

std::string OdeOperator::method() const {
  return "; Dormand-Prince of order 5, steps of at most " + core::number_text(step_) +
         " with an error below " + core::number_text(tolerance) + "; u: " + space_->recipe();
}

std::string NonlinearOde::recipe() const { return "s' = -s^2 + u, s(0) = 0" + method(); }

void Pendulum::rate(double u, const State& s, State& ds) const {
  ds = {s[1], u - k_ * std::sin(s[0])};
}

std::string Pendulum::recipe() const {
  return "s'' = -k sin s + u, s(0) = s'(0) = 0, k = " + core::number_text(k_) + method();
}

} // namespace linnet::problems
