// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/krylov/sensor_transfer.hpp>

#include <linnet/io/vec_array.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace linnet::krylov {

using core::Index3;

namespace {

// Weights below are rounding.
constexpr double least_weight = 1e-14;

struct Weight {
  int sensor;
  double value;
};
/// Along a direction: the sensors that each point is seen by.
using Weights = std::vector<std::vector<Weight>>;

/// Weights of the points for one sensor at @p x; places rise.
void add_value(const std::vector<double>& places, double x, int sensor, Weights& weights) {
  const auto above = std::lower_bound(places.begin(), places.end(), x);
  const auto add = [&](auto at, double weight) {
    if (weight > least_weight)
      weights[static_cast<std::size_t>(at - places.begin())].push_back({sensor, weight});
  };
  if (above == places.begin()) return add(above, 1.0);
  if (above == places.end()) return add(above - 1, 1.0);
  const double share = (x - *(above - 1)) / (*above - *(above - 1));
  add(above - 1, 1.0 - share);
  add(above, share);
}

void add_mean(const std::vector<double>& places, double x, double spacing, int sensor,
              Weights& weights) {
  const auto hat = [&](double place) { return std::max(0.0, 1.0 - std::abs(place - x) / spacing); };
  double sum = 0.0;
  for (const double place : places) sum += hat(place);
  // At an end all points may lie a whole spacing away.
  if (sum <= least_weight) return add_value(places, x, sensor, weights);
  for (std::size_t i = 0; i < places.size(); ++i)
    if (hat(places[i]) > least_weight) weights[i].push_back({sensor, hat(places[i]) / sum});
}

Weights weights_along(const std::vector<double>& places, int sensors, SensorKind kind) {
  Weights weights(places.size());
  const double spacing = sensors > 1 ? 1.0 / (sensors - 1) : 1.0;
  const double between = places.size() > 1 ? places[1] - places[0] : 1.0;
  const bool mean = kind == SensorKind::mean && between <= spacing * (1.0 + 1e-9);
  for (int s = 0; s < sensors; ++s) {
    const double x = sensors > 1 ? s * spacing : 0.5;
    if (mean)
      add_mean(places, x, spacing, s, weights);
    else
      add_value(places, x, s, weights);
  }
  return weights;
}

} // namespace

SensorTransfer::SensorTransfer(Mat matrix, const grid::GridMap& map, grid::GridPoints points,
                               const Index3& sensors, SensorKind kind) {
  const Index3 n = map.partition().points();
  std::array<Weights, 3> along;
  for (std::size_t d = 0; d < 3; ++d) {
    std::vector<double> places;
    for (int i = 0; i < n[d]; ++i)
      places.push_back(grid::relative_place(i, n[d], map.wraps()[d], points));
    along[d] = weights_along(places, sensors[d], kind);
  }
  sums_.resize(static_cast<std::size_t>(core::volume(sensors)));
  PetscInt first = 0, last = 0;
  LINNET_CHECK(MatGetOwnershipRange(matrix, &first, &last));
  first_term_.push_back(0);
  for (PetscInt row = first; row < last; ++row) {
    const Index3 p = map.point_of(row);
    for (const Weight& z : along[2][static_cast<std::size_t>(p[2])])
      for (const Weight& y : along[1][static_cast<std::size_t>(p[1])])
        for (const Weight& x : along[0][static_cast<std::size_t>(p[0])])
          terms_.push_back({x.sensor + sensors[0] * (y.sensor + sensors[1] * z.sensor),
                            x.value * y.value * z.value});
    first_term_.push_back(terms_.size());
  }
}

void SensorTransfer::apply(Vec x, std::span<double> values) {
  MPI_Comm comm = PetscObjectComm(reinterpret_cast<PetscObject>(x));
  const io::VecReadArray array(x);
  const std::size_t rows = first_term_.size() - 1;
  double largest = 0.0;
  for (std::size_t i = 0; i < rows; ++i) {
    const double size = std::abs(array.data()[i]);
    // A comparison would pass over what is not a number.
    largest = std::isfinite(size) ? std::max(largest, size) : HUGE_VAL;
    if (std::isinf(largest)) break;
  }
  MPI_Allreduce(MPI_IN_PLACE, &largest, 1, MPI_DOUBLE, MPI_MAX, comm);
  if (largest == 0.0 || std::isinf(largest)) {
    std::fill(values.begin(), values.end(), largest == 0.0 ? 0.0 : std::nan(""));
    return;
  }
  // Weights of a sensor add up to 1, so sums stay below 2^62.
  const int shift = std::clamp(60 - std::ilogb(largest), -1000, 1000);
  const double scale = std::ldexp(1.0, shift);
  std::fill(sums_.begin(), sums_.end(), 0);
  for (std::size_t i = 0; i < rows; ++i) {
    const double value = array.data()[i] * scale;
    for (std::size_t t = first_term_[i]; t < first_term_[i + 1]; ++t)
      sums_[static_cast<std::size_t>(terms_[t].sensor)] += std::llrint(terms_[t].weight * value);
  }
  MPI_Allreduce(MPI_IN_PLACE, sums_.data(), static_cast<int>(sums_.size()), MPI_INT64_T, MPI_SUM,
                comm);
  for (std::size_t s = 0; s < sums_.size(); ++s)
    values[s] = std::ldexp(static_cast<double>(sums_[s]), -shift);
}

} // namespace linnet::krylov
