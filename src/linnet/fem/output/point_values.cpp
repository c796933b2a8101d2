// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/output/point_values.hpp>

#include <linnet/kernels/solid/von_mises.hpp>

namespace linnet::fem {
namespace {

constexpr std::size_t tensor = 6;

} // namespace

std::vector<double> host_values(const kernels::Array<double>& view) {
  const auto host = Kokkos::create_mirror_view(view);
  Kokkos::deep_copy(host, view);
  return {host.data(), host.data() + host.extent(0)};
}

std::vector<PointField> point_fields(const SolidModel& model, const Materials& materials,
                                     const std::vector<int>& of_region) {
  const auto points = static_cast<std::size_t>(model.points());
  const auto per_cell = static_cast<std::size_t>(model.points_per_cell());
  const auto width = static_cast<std::size_t>(model.state_size());
  const std::vector<double> state = host_values(model.new_state());
  PointField p{"p", 1, {}}, mises{"von_mises", 1, {}},
      temperature{"temperature", 1, host_values(model.temperature())},
      stress{"stress", 6, host_values(model.stress())}, plastic{"plastic_strain", 6, {}},
      back{"backstress", 6, std::vector<double>(tensor * points, 0.0)};
  std::vector<kernels::SolidMaterial> laws;
  for (const int material : of_region) laws.push_back(materials.on_host(material));
  for (std::size_t i = 0; i < points; ++i) {
    const double* here = state.data() + width * i;
    plastic.values.insert(plastic.values.end(), here, here + tensor);
    p.values.push_back(here[tensor]);
    mises.values.push_back(kernels::von_mises(stress.values.data() + tensor * i));
    const auto region = static_cast<std::size_t>(model.mesh().cell_regions()[i / per_cell]);
    const kernels::SolidMaterial& law = laws[region];
    const kernels::SolidParameters parameters = law.at(temperature.values[i]);
    for (int b = 0; b < law.backstresses; ++b)
      for (std::size_t c = 0; c < tensor; ++c)
        back.values[tensor * i + c] += 2.0 / 3.0 * parameters.kinematic[b] *
                                       here[7 + tensor * static_cast<std::size_t>(b) + c];
  }
  return {std::move(p),      std::move(mises),   std::move(temperature),
          std::move(stress), std::move(plastic), std::move(back)};
}

std::vector<double> cell_means(std::span<const double> weights, int points_per_cell,
                               const PointField& field) {
  const auto points = static_cast<std::size_t>(points_per_cell);
  const auto width = static_cast<std::size_t>(field.components);
  const std::size_t cells = weights.size() / points;
  std::vector<double> means(cells * width, 0.0);
  for (std::size_t c = 0; c < cells; ++c) {
    double volume = 0.0;
    for (std::size_t q = 0; q < points; ++q) volume += weights[c * points + q];
    for (std::size_t q = 0; q < points; ++q)
      for (std::size_t k = 0; k < width; ++k)
        means[c * width + k] +=
            weights[c * points + q] / volume * field.values[(c * points + q) * width + k];
  }
  return means;
}

} // namespace linnet::fem
