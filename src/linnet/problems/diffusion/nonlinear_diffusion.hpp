// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Finite volumes for -div(K k grad u) + reaction u + r = f with a nonlinear law for k or r.
///
/// Row i of the residual is the balance of cell i, in the two-point fluxes of the linear equation
/// (diffusion.hpp) with the conductivity kappa_i k_i of the cells:
///   F_i = V (reaction u_i + r(x_i, u_i) - f(x_i)) - sum over faces of the inflow,
/// so that what leaves a cell enters its neighbour, whatever u is. k_i is that of u_i, or for the
/// p-Laplacian that of the gradient in the cell: the mean of the fluxes through opposite faces over
/// the conductivity, all of them for k = 1. Solid and held cells have F_i = u_i.
///
/// The derivative of F is exact for reactions (symmetric) and quasi-linear equations (5- or 7-point
/// rows, not symmetric). That of the p-Laplacian reaches the neighbours of neighbours; it is left
/// to differences of F. Its symmetric part with k held fixed, which Picard's iteration solves with,
/// is a diffusion matrix with all its properties and preconditions both.
#pragma once

#include <linnet/problems/diffusion/diffusion.hpp>
#include <linnet/problems/diffusion/nonlinear_law.hpp>

namespace linnet::problems {

class NonlinearDiffusion {
public:
  /// Borrows @p system, whose model has no tensor with an off-diagonal entry, and the cell vectors
  /// @p kappa and @p mask (NULL: all fluid). Collective. @throws core::Error (usage).
  NonlinearDiffusion(DiffusionSystem& system, NonlinearLaw law, Vec kappa, Vec mask);

  [[nodiscard]] const NonlinearLaw& law() const { return law_; }
  [[nodiscard]] DM dm() const { return system_.dm(); }

  /// From now on the equations are those of a step of backward Euler to the time @p time, from the
  /// values @p old (borrowed): V @p mass (u_i - old_i) is added to F_i, with the mass capacity over
  /// length of the step. The mass 0 is the steady equation at that time.
  void set_step(double time, double mass, Vec old);
  [[nodiscard]] double time() const { return time_; }

  /// Assembles the linear equation, k = 1 and r = 0, without a mass. Collective.
  void assemble_linear() { system_.assemble(kappa_, mask_, time_); }
  [[nodiscard]] const DiffusionSystem& system() const { return system_; }
  /// Assembles the system with the conductivity that @p u has. False on all ranks if k or r is not
  /// finite somewhere, or k not positive: u is then outside of what the law allows. Collective.
  bool assemble(Vec u);
  /// @p f = F(u) for the @p u of the last assemble(). Collective.
  void residual(Vec u, Vec f);
  /// The same with k held fixed, of the last assemble(): V r' and the couplings; symmetric.
  /// Collective.
  void set_picard_matrix(Vec u, Mat P);
  /// dF/du at the @p u of the last assemble(); not for the p-Laplacian. Collective.
  void set_jacobian(Vec u, Mat J);

  /// @p f = source density of each cell at the time of the step. Collective.
  void source(Vec f) const;
  [[nodiscard]] Vec kappa() const { return kappa_; } ///< borrowed
  [[nodiscard]] Vec mask() const { return mask_; }   ///< borrowed; or NULL
  /// Integral of r over the fluid at @p u. Collective.
  double reaction_integral(Vec u) const;

private:
  [[nodiscard]] bool fluid(int i, int j, int k) const;
  void measure_gradients(Vec u);
  bool fill_conductivity(Vec u);

  DiffusionSystem& system_;
  NonlinearLaw law_;
  Vec kappa_, mask_;                      ///< borrowed
  double time_ = 0.0, mass_ = 0.0;        ///< of the step
  Vec old_ = nullptr;                     ///< borrowed
  Owned<Vec> conductivity_;               ///< kappa k
  Owned<Vec> slopes_;                     ///< kappa k' or V r'
  Owned<Vec> gradients_;                  ///< squares of |grad u|
  Owned<Vec> source_;                     ///< density
  std::unique_ptr<CellArray> mask_array_; ///< owned cells
};

} // namespace linnet::problems
