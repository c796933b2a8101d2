// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/memory_traffic.hpp>

namespace linnet::multigrid {

namespace {

constexpr double read = 1, written = 2, updated = 2;

double points(const LevelPlan& plan) {
  return static_cast<double>(core::volume(plan.cut.points()));
}

double coarse_points_of(const LevelPlan& plan) {
  return static_cast<double>(core::volume(coarsened(plan.cut, plan.halves).points()));
}

// Children of a coarse point that have a weight.
int weight_count(const LevelPlan& plan) {
  int children = 1;
  for (const bool halved : plan.halves) children *= halved ? 3 : 1;
  return children - 1;
}

// Residual, or a half of the smoother: the operator or factor, what it acts on, the result.
struct Passes {
  double entries; // of an operator in its symmetric half, or of a factor

  // t = G f, u = G^T t.
  [[nodiscard]] double smooth_from_zero() const { return 2 * (read + entries + written); }
  // r = f - A u.
  [[nodiscard]] double residual() const { return read + read + entries + written; }
  // r, t = G r, u += G^T t.
  [[nodiscard]] double smooth() const {
    return residual() + (read + entries + written) + (read + entries + updated);
  }
};

double black_box_level(const LevelPlan& plan, int steps) {
  if (plan.is_direct()) return 0.0;
  const Passes passes{1.0 + kernels::coupling_count(plan.pattern)};
  if (plan.is_coarsest())
    return points(plan) * (passes.smooth_from_zero() + (plan.relaxations - 1) * passes.smooth());
  const double fine = passes.smooth_from_zero() + (2 * steps - 1) * passes.smooth() +
                      passes.residual() + read /* restricted */ + updated /* interpolated to */;
  const double coarse = 2.0 * weight_count(plan) + written + read;
  return fine * points(plan) + coarse * coarse_points_of(plan);
}

double star_level(const LevelPlan& plan, double coefficients) {
  if (plan.is_direct()) return 0.0;
  // Down: f and the operator, u; up: f and the operator, u. Coarse right-hand side and correction.
  const double fine = (read + coefficients + written) + (read + coefficients + updated);
  return fine * points(plan) + (written + read) * coarse_points_of(plan);
}

template <class Level>
double per_finest_point(const std::vector<LevelPlan>& plans, int value_bytes, const Level& level) {
  double values = 0.0;
  for (const LevelPlan& plan : plans) values += level(plan);
  return values * value_bytes / static_cast<double>(core::volume(plans.front().source.points()));
}

} // namespace

double star_cycle_traffic(const std::vector<LevelPlan>& plans, int value_bytes) {
  const double coefficients = 1.0 + (is_three_dimensional(plans.front().pattern) ? 3 : 2);
  return per_finest_point(plans, value_bytes,
                          [&](const LevelPlan& plan) { return star_level(plan, coefficients); });
}

double cycle_traffic(const std::vector<LevelPlan>& plans, const BoxmgOptions& options,
                     int value_bytes) {
  return per_finest_point(plans, value_bytes, [&](const LevelPlan& plan) {
    // A weighted diagonal is stored as a factor of the full pattern, too.
    return black_box_level(plan, options.smooth);
  });
}

} // namespace linnet::multigrid
