// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/operators/advection_operators.hpp>

#include <linnet/core/text.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace linnet::problems {

namespace {

constexpr double pi = std::numbers::pi;

double squared_sine(double x) {
  const double s = std::sin(pi * x);
  return s * s;
}

bool is_periodic(AdvectionOperator::Case which) {
  return which == AdvectionOperator::Case::periodic_start ||
         which == AdvectionOperator::Case::periodic_speed;
}

} // namespace

TravelTime::TravelTime(int pieces) : times_(static_cast<std::size_t>(pieces + 1)) {}

double TravelTime::within(double start, double end) const {
  const double middle = 0.5 * (start + end), half = 0.5 * (end - start);
  const double aside = std::sqrt(0.6) * half;
  return half *
         (5.0 / speed_(middle - aside) + 8.0 / speed_(middle) + 5.0 / speed_(middle + aside)) / 9.0;
}

bool TravelTime::set(std::function<double(double)> speed) {
  speed_ = std::move(speed);
  const double width = 1.0 / static_cast<double>(times_.size() - 1);
  for (std::size_t i = 1; i < times_.size(); ++i) {
    const double start = width * static_cast<double>(i - 1), end = width * static_cast<double>(i);
    const double time = within(start, end);
    // Speeds at three points inside and at both ends.
    if (!(time > 0.0 && speed_(start) > 0.0 && speed_(0.5 * (start + end)) > 0.0 &&
          speed_(end) > 0.0))
      return false;
    times_[i] = times_[i - 1] + time;
  }
  return true;
}

double TravelTime::operator()(double x) const {
  const double width = 1.0 / static_cast<double>(times_.size() - 1);
  const auto i = std::min(static_cast<std::size_t>(x / width), times_.size() - 2);
  return times_[i] + within(width * static_cast<double>(i), x);
}

double TravelTime::inverse(double time) const {
  const double width = 1.0 / static_cast<double>(times_.size() - 1);
  const auto above = std::upper_bound(times_.begin() + 1, times_.end() - 1, time);
  const auto i = static_cast<std::size_t>(above - times_.begin()) - 1;
  const double start = width * static_cast<double>(i);
  // Newton's method, from the secant; in so short a piece the speed is nearly constant.
  double x = start + width * (time - times_[i]) / (times_[i + 1] - times_[i]);
  for (int n = 0; n < 4; ++n) x -= (times_[i] + within(start, x) - time) * speed_(x);
  return x;
}

AdvectionOperator::AdvectionOperator(Case which, const FunctionSpaceOptions& space, int sensors,
                                     int grid, double horizon)
    : OperatorSampler(space.seed), case_(which), space_(make_function_space(space)),
      sensors_(sensors), axes_{equispaced_axis("x", 0.0, 1.0, grid, is_periodic(which)),
                               equispaced_axis("t", 0.0, horizon, grid)},
      time_(space_->pieces()) {}

bool AdvectionOperator::draw(std::uint64_t number, std::span<double> input) {
  space_->draw(number);
  space_->sample(sensors_, input.data());
  const FunctionSpace& v = *space_;
  if (case_ == Case::speed) return time_.set([&v](double x) { return 1.0 + 0.1 * v.value(x); });
  if (case_ == Case::periodic_speed)
    return time_.set([&v](double x) { return 1.0 + 0.05 * (v.value(x) + v.value(1.0 - x)); });
  return true;
}

double AdvectionOperator::solution(double x, double t) const {
  switch (case_) {
  case Case::periodic_start: return space_->value(squared_sine(x - t));
  case Case::start: return x > t ? (x - t) * space_->value(x - t) : 0.0;
  case Case::speed: {
    const double time = time_(x) - t;
    if (time < 0.0) return std::sin(-pi * time);
    const double from = time_.inverse(time);
    return from * from;
  }
  case Case::periodic_speed: {
    const double period = time_(1.0), time = std::fmod(time_(x) - t, period);
    return std::sin(2.0 * pi * time_.inverse(time < 0.0 ? time + period : time));
  }
  }
  return 0.0;
}

void AdvectionOperator::evaluate(std::span<const double> points, std::span<double> values) {
  for (std::size_t p = 0; p < values.size(); ++p) {
    for (std::size_t d = 0; d < 2; ++d) require_within(axes_[d], points[2 * p + d]);
    values[p] = solution(points[2 * p], points[2 * p + 1]);
  }
}

std::string AdvectionOperator::recipe() const {
  const auto equation = [this]() -> std::string {
    switch (case_) {
    case Case::periodic_start: return "s_t + s_x = 0, s(x,0) = V(sin^2 pi x), periodic";
    case Case::start: return "s_t + s_x = 0, s(x,0) = x V(x), s(0,t) = 0";
    case Case::speed: return "s_t + a s_x = 0, a = 1 + V(x)/10, s(x,0) = x^2, s(0,t) = sin pi t";
    case Case::periodic_speed:
      return "s_t + a s_x = 0, a = 1 + (V(x) + V(1-x))/20, s(x,0) = sin 2 pi x, periodic";
    }
    return {};
  };
  return equation() + ", 0 <= t <= " + core::number_text(axes_[1].high) +
         "; exact by characteristics; V: " + space_->recipe();
}

} // namespace linnet::problems
