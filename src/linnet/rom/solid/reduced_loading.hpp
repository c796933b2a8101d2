// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A loading as a reduced model sees it: temperature at its points, forces times modes, strains of
/// the lift. What is of the size of the mesh is looked at once; an instant costs a sum over terms.
#pragma once

#include <linnet/rom/solid/decomposed_loading.hpp>
#include <linnet/rom/solid/reduced_quadrature.hpp>

#include <span>
#include <vector>

namespace linnet::rom {

/// The load at one time.
struct ReducedLoad {
  std::vector<double> temperature; ///< points
  std::vector<double> force;       ///< Psi^T F, modes
  std::vector<double> lift_strain; ///< points x 6; empty without a lift
};

class ReducedLoading {
public:
  /// References @p loading; @p lifts are those of loading.held(). update() follows. Collective;
  /// @throws core::Error (data) as require_supports().
  ReducedLoading(const SolidReducedModel& model, const ReducedQuadrature& quadrature,
                 const DecomposedLoading& loading, const linalg::ColumnStore& lifts);

  /// After appends: products with the new modes only, and the fields at the new points. Cost: new
  /// modes x force terms products of vectors; points x (temperature terms + 6 lifts) numbers summed
  /// over the ranks. Collective.
  void update(const SolidReducedModel& model, const ReducedQuadrature& quadrature);

  [[nodiscard]] const DecomposedLoading& loading() const { return *loading_; }
  [[nodiscard]] std::size_t points() const { return points_; }
  [[nodiscard]] std::size_t modes() const { return modes_; }
  /// At times()[step-1] + part (times()[step] - times()[step-1]), 0 <= part <= 1. Not collective.
  void at(int step, double part, ReducedLoad& load) const;

private:
  void project_forces(const linalg::ColumnStore& modes);

  const DecomposedLoading* loading_;
  std::size_t points_ = 0, modes_ = 0;
  std::vector<double> temperature_; ///< points x terms by columns
  std::vector<double> force_;       ///< terms for each mode, mode after mode
  std::vector<double> lift_strain_; ///< 6 points x terms by columns
  linalg::ColumnStore lift_fields_; ///< strains of the lifts at all points, made once
};

} // namespace linnet::rom
