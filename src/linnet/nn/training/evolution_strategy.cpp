// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/training/evolution_strategy.hpp>

#include <linnet/core/error.hpp>
#include <linnet/core/random.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

namespace linnet::nn {

namespace {

void require(bool is_right, const char* problem) {
  if (!is_right) core::throw_usage(std::string("evolution strategy: ") + problem);
}

} // namespace

EvolutionStrategy::EvolutionStrategy(const EvolutionOptions& options, std::vector<double> start,
                                     std::vector<double> scale)
    : options_(options),
      scale_(std::move(scale)), state_{std::move(start), std::numeric_limits<double>::infinity(),
                                       options.step, 0} {
  require(!state_.best.empty(), "no parameters; give a start with one coordinate or more");
  require(scale_.size() == state_.best.size(), "give as many scales as coordinates");
  require(std::all_of(scale_.begin(), scale_.end(), [](double s) { return s > 0.0; }),
          "a scale is not positive; give the typical change of each coordinate");
  require(options.step > 0.0, "the step is not positive; give a step above 0");
  require(options.growth > 1.0, "the growth of the step is not above 1; give 1.25 or so");
  require(options.shrinkage > 0.0 && options.shrinkage < 1.0,
          "the shrinkage of the step is not between 0 and 1; give 0.94 or so");
}

std::vector<double> EvolutionStrategy::ask() const {
  std::vector<double> point = state_.best;
  if (state_.evaluations == 0) return point;
  const core::RandomStream random(options_.seed, static_cast<std::uint64_t>(state_.evaluations));
  const std::size_t n = point.size();
  const auto mutate = [&](std::size_t i) {
    point[i] += state_.step * scale_[i] * random.normal(2 * i + 1);
  };
  bool is_moved = false;
  for (std::size_t i = 0; i < n; ++i) {
    if (random.uniform(2 * i) >= 0.5) continue;
    mutate(i);
    is_moved = true;
  }
  if (!is_moved) {
    const double place = random.uniform(2 * n) * static_cast<double>(n);
    mutate(std::min(n - 1, static_cast<std::size_t>(place)));
  }
  return point;
}

void EvolutionStrategy::tell(double value) {
  const bool is_start = state_.evaluations == 0;
  const bool is_success = std::isfinite(value) && value < state_.value;
  if (is_success) {
    state_.best = ask();
    state_.value = value;
  }
  if (!is_start) state_.step *= is_success ? options_.growth : options_.shrinkage;
  ++state_.evaluations;
}

void EvolutionStrategy::minimise(const std::function<double(std::span<const double>)>& objective,
                                 std::int64_t evaluations) {
  while (state_.evaluations < evaluations) tell(objective(ask()));
}

void EvolutionStrategy::restore(const EvolutionState& state) {
  require(state.best.size() == scale_.size(),
          "the state has another number of parameters; restart from a state of this model");
  state_ = state;
}

} // namespace linnet::nn
