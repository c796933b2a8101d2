// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/law_at_points.hpp>

#include <linnet/fem/support/vec_views.hpp>
#include <linnet/kernels/allocation.hpp>

#include <algorithm>

namespace linnet::rom {

namespace {

kernels::HostArray<double> allocate(const char* label, std::size_t n,
                                    kernels::Array<double>& array) {
  array = kernels::zeros<double>(label, n);
  return Kokkos::create_mirror_view(
      static_cast<const Kokkos::View<double*, kernels::MemorySpace>&>(array));
}

} // namespace

LawAtPoints::LawAtPoints(const ReducedQuadrature& quadrature) : count_(quadrature.points()) {
  const kernels::SolidPoints& mesh = quadrature.model->at_points();
  points_.materials = mesh.materials;
  points_.state_size = mesh.state_size;
  points_.material = fem::device_copy<int>("linnet::rom::materials", quadrature.materials);
  const std::size_t states = count_ * static_cast<std::size_t>(mesh.state_size);
  temperature_ = allocate("linnet::rom::temperature", count_, points_.temperature);
  strain_ = allocate("linnet::rom::strain", 6 * count_, points_.strain);
  old_state_ = allocate("linnet::rom::old_state", states, points_.old_state);
  new_state_ = allocate("linnet::rom::new_state", states, points_.new_state);
  stress_ = allocate("linnet::rom::stress", 6 * count_, points_.stress);
  tangent_ = allocate("linnet::rom::tangent", 36 * count_, points_.tangent);
  thermal_ = allocate("linnet::rom::thermal", count_, points_.thermal);
}

void LawAtPoints::begin(std::span<const double> temperature, std::span<const double> state) {
  std::copy(temperature.begin(), temperature.end(), temperature_.data());
  std::copy(state.begin(), state.end(), old_state_.data());
  Kokkos::deep_copy(points_.temperature, temperature_);
  Kokkos::deep_copy(points_.old_state, old_state_);
}

std::int64_t LawAtPoints::update(double dt) {
  Kokkos::deep_copy(points_.strain, strain_);
  const std::int64_t failures =
      kernels::update_points(points_, static_cast<std::int64_t>(count_), dt);
  Kokkos::deep_copy(stress_, points_.stress);
  Kokkos::deep_copy(tangent_, points_.tangent);
  Kokkos::deep_copy(thermal_, points_.thermal);
  Kokkos::deep_copy(new_state_, points_.new_state);
  return failures;
}

void LawAtPoints::copy_new_state(std::vector<double>& state) const {
  std::copy_n(new_state_.data(), state.size(), state.data());
}

} // namespace linnet::rom
