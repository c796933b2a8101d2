// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A diffusion system as a PETSc matrix of any type.
#pragma once

#include <linnet/problems/diffusion/diffusion.hpp>

namespace linnet::problems {

/// Sets the values of @p A, a matrix of the system's DMDA (DMCreateMatrix): couplings for type
/// stencil, full rows by MatSetValuesStencil for all others. Marks it symmetric, and positive
/// definite unless @p singular. Collective.
void set_matrix(const DiffusionSystem& system, bool singular, Mat A);

/// y = |A| |x|, entry by entry, for global vectors @p x and @p y: the scale of the rounding errors
/// in A x. Collective.
void multiply_absolute(const DiffusionSystem& system, Vec x, Vec y);

/// The system without its solid cells, for preconditioners that cannot skip unit rows: an AIJ
/// matrix with the entries that are not zero. The unknowns of a rank are its fluid cells in their
/// order in the DMDA.
class CompressedSystem {
public:
  /// Assembles it from @p system with @p mask (not NULL). Collective.
  CompressedSystem(const DiffusionSystem& system, Vec mask);
  [[nodiscard]] Mat matrix() const { return matrix_.get(); }
  /// New vectors that fit the matrix. Collective.
  [[nodiscard]] Owned<Vec> make_vector() const;
  /// Picks the fluid cells of @p full. Not collective.
  void compress(Vec full, Vec packed) const;
  /// Puts them back; solid cells of @p full stay as they are. Not collective.
  void expand(Vec packed, Vec full) const;

private:
  void number(Vec mask);
  void assemble(const DiffusionSystem& system);

  DM dm_ = nullptr;       ///< borrowed
  Owned<Vec> numbers_;    ///< with ghosts: number of the unknown, -1 in solid cells and outside
  PetscInt unknowns_ = 0; ///< of this rank
  Owned<Mat> matrix_;
};

} // namespace linnet::problems
