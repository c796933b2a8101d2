// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Waves of one frequency in a square without loss: -Laplace u - k^2 u = f on the unit square with
/// du/dn given on its boundary (0 where nothing is), bilinear finite elements.
///
/// Element integrals by 3 x 3 Gauss points. Real, symmetric and indefinite; solved by sparse LU
/// factorisation (MUMPS where PETSc has it, else PETSc's own) with iterative refinement.
#pragma once

#include <linnet/core/owned.hpp>

#include <petscksp.h>

#include <string>
#include <vector>

namespace linnet::problems {

/// On one rank; fields are x fastest.
class HelmholtzSolver {
public:
  /// Normwise backward error |b - A u| / (|A| |u| + |b|) that is reached.
  static constexpr double tolerance = 1e-13;

  /// @p elements per direction, at least 1. @throws core::Error (usage).
  explicit HelmholtzSolver(int elements);

  [[nodiscard]] int nodes() const { return elements_ + 1; }
  /// Coordinates of the Gauss points along either direction, three per element, ascending. Fields
  /// at Gauss points have that number squared of values.
  [[nodiscard]] const std::vector<double>& gauss_points() const { return gauss_points_; }

  /// Adds the integral of f times each basis function to @p load (a value per node).
  void add_source(const std::vector<double>& f_at_gauss_points, std::vector<double>& load) const;
  /// The same for the flux du/dn = @p flux where @p from <= x <= @p to on the upper side, exactly.
  void add_upper_flux(double from, double to, double flux, std::vector<double>& load) const;

  /// The nodes, one unknown each, in natural numbering.
  [[nodiscard]] DM grid() const { return grid_.get(); }
  /// Integrals of grad phi_a . grad phi_b - k^2 phi_a phi_b.
  [[nodiscard]] core::Owned<Mat>
  make_matrix(const std::vector<double>& squared_wave_number_at_gauss_points) const;

  /// @p u at the nodes. The result depends on nothing but the arguments. @throws core::Error
  /// (not_converged) where k^2 is an eigenvalue to rounding.
  void solve(const std::vector<double>& squared_wave_number_at_gauss_points,
             const std::vector<double>& load, std::vector<double>& u);

  /// Package that factorises: "mumps" or "petsc".
  [[nodiscard]] static std::string package();

private:
  void assemble(const std::vector<double>& squared_wave_number, Mat matrix) const;

  int elements_;
  std::vector<double> gauss_points_;
  core::Owned<DM> grid_;
  core::Owned<Mat> matrix_;
};

} // namespace linnet::problems
