// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/peak_steps.hpp>

#include <linnet/fem/support/vec_views.hpp>
#include <linnet/kernels/solid/thermal_load.hpp>
#include <linnet/linalg/dense_columns.hpp>

#include <algorithm>
#include <cmath>
#include <set>

namespace linnet::rom {

namespace {

/// Values closer than this, relative to the largest, are the same.
constexpr double same = 1e-9;

bool alike(std::span<const double> a, std::span<const double> b) {
  double largest = 0.0, difference = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    largest = std::max({largest, std::abs(a[i]), std::abs(b[i])});
    difference = std::max(difference, std::abs(a[i] - b[i]));
  }
  return difference <= same * largest;
}

/// Squares of the norms of a sum of fields at all times, by the products of the fields.
std::vector<double> squares(const LoadTerms& terms, std::size_t times) {
  std::vector<double> result(times, 0.0);
  const auto n = static_cast<std::size_t>(terms.terms());
  if (n == 0) return result;
  const core::Owned<Mat> fields = terms.fields.matrix();
  const std::vector<double> products = linalg::inner_products(fields.get(), fields.get());
  for (std::size_t k = 0; k < times; ++k) {
    const auto b = terms.at(k);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) result[k] += b[i] * b[j] * products[i + n * j];
  }
  return result;
}

void set_temperature(const DecomposedLoading& loading, std::size_t index, fem::SolidModel& solid) {
  const kernels::HostArray<double> values = fem::host_copy(solid.temperature());
  loading.temperature_at(index, {values.data(), values.extent(0)});
  Kokkos::deep_copy(solid.temperature(), values);
}

double thermal_square(const DecomposedLoading& loading, std::size_t index, fem::SolidModel& solid) {
  set_temperature(loading, index, solid);
  double sum = kernels::thermal_load(solid.at_points(), solid.weights(), solid.points_per_cell());
  MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_DOUBLE, MPI_SUM, solid.mesh().comm());
  return sum;
}

/// The same of the thermal strain, which is no linear function of the temperature.
std::vector<double> thermal_squares(const DecomposedLoading& loading, fem::SolidModel& solid) {
  std::vector<double> result(loading.times().size(), 0.0);
  if (loading.temperature().terms() == 0) return result;
  std::vector<std::size_t> seen;
  for (std::size_t k = 1; k < result.size(); ++k) {
    const auto earlier = std::ranges::find_if(seen, [&](std::size_t j) {
      return alike(loading.temperature().at(j), loading.temperature().at(k));
    });
    result[k] = earlier != seen.end() ? result[*earlier] : thermal_square(loading, k, solid);
    if (earlier == seen.end()) seen.push_back(k);
  }
  return result;
}

/// Of the steps, so without the initial time; 0 where all is zero.
int first_peak(const std::vector<double>& values) {
  const double largest = *std::max_element(values.begin() + 1, values.end());
  if (largest <= 0.0) return 0;
  for (std::size_t k = 1; k < values.size(); ++k)
    if (values[k] >= (1.0 - same) * largest) return static_cast<int>(k);
  return 0;
}

} // namespace

std::vector<int> peak_steps(const DecomposedLoading& loading, fem::SolidModel& solid) {
  if (loading.steps() < 1) return {};
  const std::size_t times = loading.times().size();
  std::set<int> steps{first_peak(thermal_squares(loading, solid)),
                      first_peak(squares(loading.force(), times)),
                      first_peak(squares(loading.held(), times))};
  steps.erase(0);
  return {steps.begin(), steps.end()};
}

} // namespace linnet::rom
