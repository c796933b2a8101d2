// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/memory_traffic.hpp>

#include <linnet/multigrid/adapted_smoother.hpp>

#include <numeric>

namespace linnet::multigrid {

namespace {

constexpr double read = 1, written = 2, updated = 2;

double points(const LevelPlan& plan) {
  return static_cast<double>(core::volume(plan.cut.points()));
}

double coarse_points_of(const LevelPlan& plan) {
  return static_cast<double>(core::volume(plan.coarse_cut().points()));
}

// Children of a coarse point that have a weight.
int weight_count(const LevelPlan& plan) {
  int children = 1;
  for (const bool halved : plan.halves) children *= halved ? 3 : 1;
  return children - 1;
}

// Numbers of a row that are read: of an operator in its symmetric half, and of a factor.
struct Passes {
  double row, factor;
  int steps; // of the smoother, each with a factor and its transpose

  // t = G f, u = G^T t.
  [[nodiscard]] double first_step() const { return 2 * (read + factor + written); }
  // r = f - A u.
  [[nodiscard]] double residual() const { return read + read + row + written; }
  // r, t = G r, u += G^T t.
  [[nodiscard]] double step() const {
    return residual() + (read + factor + written) + (read + factor + updated);
  }
  [[nodiscard]] double smooth_from_zero() const { return first_step() + (steps - 1) * step(); }
  [[nodiscard]] double smooth() const { return steps * step(); }
};

// A weighted diagonal is stored as a factor with the pattern of the stencil, too.
Passes passes_of(const LevelPlan& plan, bool adapted) {
  const double row = 1.0 + kernels::coupling_count(plan.pattern);
  if (adapted) return {row, kernels::adapted_members, AdaptedSmoother<float>::steps};
  return {row, row, 1};
}

// Of a level in two marches, with two numbers for the smoother: down f and the operator, u; up f,
// the operator and the weights, u.
double marched_level(const LevelPlan& plan) {
  const double row = 3.0 + kernels::coupling_count(plan.pattern);
  const double fine = (read + row + written) + (read + row + updated);
  const double coarse = 2.0 * weight_count(plan) + written + read;
  return fine * points(plan) + coarse * coarse_points_of(plan);
}

double black_box_level(const LevelPlan& plan, int smooth, bool adapted) {
  if (plan.is_direct()) return 0.0;
  if (plan.marches && !adapted) return marched_level(plan);
  const Passes passes = passes_of(plan, adapted);
  if (plan.is_coarsest())
    return points(plan) * (passes.smooth_from_zero() + (plan.relaxations - 1) * passes.smooth());
  const double fine = passes.smooth_from_zero() + (2 * smooth - 1) * passes.smooth() +
                      passes.residual() + read /* restricted */ + updated /* interpolated to */;
  const double coarse = 2.0 * weight_count(plan) + written + read;
  return fine * points(plan) + coarse * coarse_points_of(plan);
}

// @p row: what is read of an operator, in values.
double star_level(const LevelPlan& plan, double row) {
  if (plan.is_direct()) return 0.0;
  // Down: f and the operator, u; up: f and the operator, u. Coarse right-hand side and correction.
  const double fine = (read + row + written) + (read + row + updated);
  return fine * points(plan) + (written + read) * coarse_points_of(plan);
}

// @p level: values that plans[l] moves, for each l.
template <class Level>
double per_finest_point(const std::vector<LevelPlan>& plans, int value_bytes, const Level& level) {
  double values = 0.0;
  for (std::size_t l = 0; l < plans.size(); ++l) values += level(l);
  return values * value_bytes / static_cast<double>(core::volume(plans.front().source.points()));
}

} // namespace

double mild_cycle_traffic(const std::vector<LevelPlan>& plans, int value_bytes) {
  const double row = 1.0 + (is_three_dimensional(plans.front().pattern) ? 3 : 2);
  return per_finest_point(plans, value_bytes,
                          [&](std::size_t l) { return star_level(plans[l], row); });
}

double obstacle_cycle_traffic(const std::vector<LevelPlan>& plans, const BoxmgOptions& options,
                              int value_bytes) {
  return per_finest_point(plans, value_bytes, [&](std::size_t l) {
    return l == 0 ? star_level(plans[l], 1.0 / value_bytes)
                  : black_box_level(plans[l], options.smooth, false);
  });
}

double cycle_traffic(const std::vector<LevelPlan>& plans, const BoxmgOptions& options,
                     const std::vector<bool>& adapted, int value_bytes) {
  return per_finest_point(plans, value_bytes, [&](std::size_t l) {
    return black_box_level(plans[l], options.smooth, l < adapted.size() && adapted[l]);
  });
}

// All but the last run twice. Before each but the very first a residual is formed in the place of
// its right-hand side; what it returns is added up.
double regional_traffic(const std::vector<double>& cycles, kernels::StencilPattern finest,
                        int value_bytes) {
  const double all = std::accumulate(cycles.begin(), cycles.end(), 0.0);
  const double row = 1.0 + kernels::coupling_count(finest);
  const double correction = (read + read + row + written) + (read + updated);
  const double copies = 2 * (read + written);
  const double corrections = 2.0 * static_cast<double>(cycles.size()) - 2.0;
  return 2.0 * all - cycles.back() + value_bytes * (copies + corrections * correction);
}

} // namespace linnet::multigrid
