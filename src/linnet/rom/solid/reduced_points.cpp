// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/reduced_points.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/core/log.hpp>
#include <linnet/fem/support/log_event.hpp>
#include <linnet/fem/support/vec_views.hpp>
#include <linnet/linalg/dense_columns.hpp>
#include <linnet/rom/q_deim.hpp>

#include <algorithm>
#include <map>
#include <string>

namespace linnet::rom {

namespace {

/// Tensors are stored without the factor 2 on shears.
const std::vector<double> multiplicity{1.0, 1.0, 1.0, 2.0, 2.0, 2.0};

/// Zeros in the rows of the points that were chosen.
void clear_rows(linalg::ColumnStore& modes, std::span<const std::int64_t> numbers,
                const std::map<std::int64_t, double>& chosen) {
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (chosen.contains(numbers[i]))
      for (PetscInt k = 0; k < modes.size(); ++k) modes.column(k)[i] = 0.0;
}

void add_without_weight(const std::vector<std::int64_t>& points,
                        std::map<std::int64_t, double>& chosen) {
  for (const std::int64_t point : points) chosen.try_emplace(point, 0.0);
}

[[noreturn]] void too_few(std::size_t points, std::size_t modes) {
  core::throw_data("the plastic strain has " + std::to_string(modes) + " modes and only " +
                   std::to_string(points) +
                   " points tell them apart, fewer than twice as many: the indicator would say "
                   "nothing; raise -rom_tol_p, or refine the mesh");
}

/// Points of Q-DEIM, of the rows that are left, until there are twice as many as modes.
void add_points_of_modes(const SolidBasis& basis, const SolidNumbering& numbering,
                         std::map<std::int64_t, double>& chosen) {
  const linalg::ColumnStore& phi = basis.plastic_strain().columns();
  const auto modes = static_cast<std::size_t>(phi.size());
  if (modes == 0) return;
  add_without_weight(q_deim(phi.matrix().get(), numbering.points), chosen);
  if (chosen.size() >= 2 * modes) return;
  linalg::ColumnStore rest(phi.matrix().get());
  while (chosen.size() < 2 * modes) {
    clear_rows(rest, numbering.points, chosen);
    const std::size_t before = chosen.size();
    try {
      add_without_weight(q_deim(rest.matrix().get(), numbering.points), chosen);
    } catch (const core::Error&) { // what is left of the modes depends on each other
      too_few(before, modes);
    }
    if (chosen.size() == before) too_few(before, modes);
  }
}

ReducedPoints listed(CubatureRule rule, const std::map<std::int64_t, double>& chosen) {
  ReducedPoints result{std::move(rule), {}, {}};
  for (const auto& [point, weight] : chosen) {
    result.points.push_back(point);
    result.weights.push_back(weight);
  }
  return result;
}

std::vector<double> weights_of(const fem::SolidModel& model) {
  const kernels::HostArray<double> weights = fem::host_copy(model.weights());
  return {weights.data(), weights.data() + weights.extent(0)};
}

} // namespace

ReducedPoints choose_points(const SolidBasis& basis, const SolidNumbering& numbering,
                            const CubatureOptions& options, const CubatureRule* start) {
  const fem::LogEvent event(core::events().rom_points);
  const fem::SolidModel& model = basis.model();
  const core::Owned<Mat> strains = basis.strains().matrix(),
                         stresses = basis.stress_rows().matrix();
  CubatureRule rule = empirical_cubature(
      model.mesh().comm(), ProductIntegrands(strains.get(), stresses.get(), multiplicity),
      weights_of(model), numbering.points, options, start);
  std::map<std::int64_t, double> chosen;
  for (std::size_t i = 0; i < rule.points.size(); ++i)
    chosen.emplace(rule.points[i], rule.weights[i]);
  add_points_of_modes(basis, numbering, chosen);
  return listed(std::move(rule), chosen);
}

ReducedPoints all_points(const SolidBasis& basis, const SolidNumbering& numbering) {
  const fem::SolidModel& model = basis.model();
  const std::vector<double> mine = weights_of(model);
  std::vector<double> all(static_cast<std::size_t>(model.all_points()), 0.0);
  for (std::size_t i = 0; i < mine.size(); ++i)
    all[static_cast<std::size_t>(numbering.points[i])] = mine[i];
  linalg::sum_over_ranks(model.mesh().comm(), all);
  CubatureRule rule;
  for (std::size_t i = 0; i < all.size(); ++i) rule.points.push_back(static_cast<std::int64_t>(i));
  rule.weights = all;
  ReducedPoints points{rule, rule.points, rule.weights};
  return points;
}

} // namespace linnet::rom
