// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/loading/loading.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/fem/mesh/mesh.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::fem {
namespace {

bool is_zero(const Amplitude& amplitude) {
  return std::all_of(amplitude.values().begin(), amplitude.values().end(),
                     [](double v) { return v == 0.0; });
}

} // namespace

void Loading::add_temperature(const Amplitude& amplitude, const kernels::Array<double>& field) {
  if (!temperatures_.empty() && temperatures_.front().field.extent(0) != field.extent(0))
    throw core::Error(core::ExitCode::internal,
                      "Loading::add_temperature: fields must have one length");
  temperatures_.push_back({amplitude, field});
}

void Loading::add_force(const Amplitude& amplitude, core::Owned<Vec> reference) {
  forces_.push_back({amplitude, std::move(reference)});
}

void Loading::hold(
    std::string_view group, const std::array<bool, 3>& components, const Amplitude& amplitude,
    const std::function<std::array<double, 3>(const std::array<double, 3>&)>& value) {
  const std::vector<PetscInt>& nodes = mesh_->nodes_of(group);
  const bool zero = !value || is_zero(amplitude);
  auto known = std::find(held_amplitudes_.begin(), held_amplitudes_.end(), amplitude);
  const auto number = static_cast<int>(known - held_amplitudes_.begin());
  if (!zero && known == held_amplitudes_.end()) held_amplitudes_.push_back(amplitude);
  moves_ = moves_ || !zero;
  core::together(mesh_->comm(), [&] {
    for (const PetscInt i : nodes) {
      const double* x = mesh_->coordinates().data() + 3 * i;
      const std::array<double, 3> u = zero ? std::array<double, 3>{} : value({x[0], x[1], x[2]});
      for (std::size_t c = 0; c < 3; ++c)
        if (components[c]) hold_dof(3 * i + static_cast<PetscInt>(c), {number, u[c]}, group);
    }
  });
}

void Loading::hold_dof(PetscInt dof, HeldValue value, std::string_view group) {
  if (value.value == 0.0) value.amplitude = 0;
  if (!std::isfinite(value.value))
    core::throw_usage("the prescribed displacement of group '" + std::string(group) +
                      "' is not finite at node " +
                      std::to_string(mesh_->original_nodes()[std::size_t(dof / 3)]));
  const auto at = std::lower_bound(held_dofs_.begin(), held_dofs_.end(), dof);
  const auto i = at - held_dofs_.begin();
  if (at == held_dofs_.end() || *at != dof) {
    held_dofs_.insert(at, dof);
    held_values_.insert(held_values_.begin() + i, value);
  } else if (!(held_values_[std::size_t(i)] == value)) {
    core::throw_usage("group '" + std::string(group) + "' prescribes another u_" + "xyz"[dof % 3] +
                      std::string(" at node ") +
                      std::to_string(mesh_->original_nodes()[std::size_t(dof / 3)]) +
                      " than a group before it; leave it out in one of them");
  }
}

void Loading::temperature(double t, const kernels::Array<double>& points) const {
  Kokkos::deep_copy(points, 0.0);
  for (const TemperatureTerm& term : temperatures_) {
    const double factor = term.amplitude(t);
    const kernels::Array<double> field = term.field, sum = points;
    Kokkos::parallel_for(
        "linnet::fem::temperature",
        Kokkos::RangePolicy<kernels::ExecutionSpace>(0, static_cast<int>(field.extent(0))),
        KOKKOS_LAMBDA(int i) { sum(i) += factor * field(i); });
  }
  Kokkos::fence();
}

void Loading::external_force(double t, Vec force) const {
  LINNET_CHECK(VecZeroEntries(force));
  for (const ForceTerm& term : forces_)
    LINNET_CHECK(VecAXPY(force, term.amplitude(t), term.reference.get()));
}

void Loading::held_values(double t, std::span<double> values) const {
  std::vector<double> factors;
  factors.reserve(held_amplitudes_.size());
  for (const Amplitude& amplitude : held_amplitudes_) factors.push_back(amplitude(t));
  for (std::size_t i = 0; i < held_values_.size(); ++i) {
    const HeldValue& held = held_values_[i];
    values[i] = held.value == 0.0 ? 0.0 : held.value * factors[std::size_t(held.amplitude)];
  }
}

const kernels::Array<double>& Loading::temperature_field(int term) const {
  return temperatures_.at(std::size_t(term)).field;
}

std::vector<double> Loading::temperature_factors(double t) const {
  std::vector<double> factors;
  for (const TemperatureTerm& term : temperatures_) factors.push_back(term.amplitude(t));
  return factors;
}

Vec Loading::force_reference(int term) const {
  return forces_.at(std::size_t(term)).reference.get();
}

std::vector<double> Loading::force_factors(double t) const {
  std::vector<double> factors;
  for (const ForceTerm& term : forces_) factors.push_back(term.amplitude(t));
  return factors;
}

} // namespace linnet::fem
