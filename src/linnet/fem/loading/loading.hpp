// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What a solid is given over time: temperature, external forces and prescribed displacements.
#pragma once

#include <linnet/core/owned.hpp>
#include <linnet/core/petsc.hpp>
#include <linnet/fem/loading/amplitude.hpp>
#include <linnet/kernels/compat.hpp>

#include <array>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace linnet::fem {

class Mesh;

/// Sums of reference fields times amplitudes:
///   T(x,t) = sum_k a_k(t) T_k(x),   F(t) = sum_k b_k(t) F_k,   u_held(x,t) = sum_k c_k(t) u_k(x).
/// The reference fields are made once; what a time costs is a sum over them. A reduced model takes
/// the references at its points, or their products with its modes, once and the coefficients at
/// each time.
///
/// Units are the user's, consistent with those of the materials.
class Loading {
public:
  /// Nothing held, no force, no temperature. Keeps a reference to @p mesh.
  explicit Loading(const Mesh& mesh) : mesh_(&mesh) {}
  Loading(Loading&&) = default;
  Loading& operator=(Loading&&) = default;

  /// T += amplitude(t) * field. @p field: one value per quadrature point of this rank, in the order
  /// of the model that it is for; all fields of one length. Shares the field. Not collective.
  void add_temperature(const Amplitude& amplitude, const kernels::Array<double>& field);
  /// F += amplitude(t) * reference, a global Vec of the mesh's dm(). Not collective.
  void add_force(const Amplitude& amplitude, core::Owned<Vec> reference);
  /// Prescribes displacement components (true ones of @p components) of the nodes of @p group:
  /// u_c(x,t) = amplitude(t) * value(x)[c], with 0 without @p value. A node may be in several
  /// groups as long as they prescribe the same. Collective; @throws core::Error: unknown or empty
  /// group, or another value at a component that is held already.
  void hold(std::string_view group, const std::array<bool, 3>& components,
            const Amplitude& amplitude = Amplitude(0.0),
            const std::function<std::array<double, 3>(const std::array<double, 3>&)>& value = {});

  /// Temperature at the time @p t at the model's quadrature points, @p points of their number. No
  /// temperature added: 0. Not collective.
  void temperature(double t, const kernels::Array<double>& points) const;
  /// External force at the time @p t; a global Vec of the mesh's dm(), held unknowns included.
  /// Collective.
  void external_force(double t, Vec force) const;

  /// Held unknowns among this rank's local ones, ghosts included, ascending: 3 * local node + c,
  /// the place in a local Vec of the mesh's dm().
  [[nodiscard]] std::span<const PetscInt> held_dofs() const { return held_dofs_; }
  /// Their values at the time @p t, in the same order and number. Not collective.
  void held_values(double t, std::span<double> values) const;
  /// True if a held displacement is not 0 at all times; the same on all ranks.
  [[nodiscard]] bool moves() const { return moves_; }

  /// Terms of the temperature: how many, their reference fields, and their factors at @p t.
  [[nodiscard]] int temperature_terms() const { return static_cast<int>(temperatures_.size()); }
  [[nodiscard]] const kernels::Array<double>& temperature_field(int term) const;
  [[nodiscard]] std::vector<double> temperature_factors(double t) const;
  /// Terms of the force, the same way.
  [[nodiscard]] int force_terms() const { return static_cast<int>(forces_.size()); }
  [[nodiscard]] Vec force_reference(int term) const;
  [[nodiscard]] std::vector<double> force_factors(double t) const;
  /// Terms of the held displacements that are not 0 at all times, the same way: the values that a
  /// term's factor multiplies, one for each of held_dofs().
  [[nodiscard]] int held_terms() const { return static_cast<int>(held_amplitudes_.size()); }
  [[nodiscard]] std::vector<double> held_reference(int term) const;
  [[nodiscard]] std::vector<double> held_factors(double t) const;

  [[nodiscard]] const Mesh& mesh() const { return *mesh_; }

private:
  struct TemperatureTerm {
    Amplitude amplitude;
    kernels::Array<double> field;
  };
  struct ForceTerm {
    Amplitude amplitude;
    core::Owned<Vec> reference;
  };
  struct HeldValue {
    int amplitude; ///< index in held_amplitudes_
    double value;  ///< factor of the amplitude; 0 wherever the amplitude is 0 at all times
    friend bool operator==(const HeldValue&, const HeldValue&) = default;
  };

  void hold_dof(PetscInt dof, HeldValue value, std::string_view group);

  const Mesh* mesh_;
  std::vector<TemperatureTerm> temperatures_;
  std::vector<ForceTerm> forces_;
  std::vector<Amplitude> held_amplitudes_;
  std::vector<PetscInt> held_dofs_;
  std::vector<HeldValue> held_values_; ///< one per held_dofs_
  bool moves_ = false;
};

} // namespace linnet::fem
