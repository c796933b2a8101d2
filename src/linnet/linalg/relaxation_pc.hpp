// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The inner PC of a preconditioner that relaxes: of any type the user chooses by the outer one's
/// prefix and a name, else Gauss-Seidel where the matrix has it, else Jacobi.
#pragma once

#include <linnet/core/owned.hpp>

#include <petscksp.h>

#include <string>

namespace linnet::linalg {

/// All functions with PetscErrorCode are collective on the outer PC.
class RelaxationPc {
public:
  /// @p name, such as "basis_smoother_", follows the prefix of the outer PC.
  explicit RelaxationPc(std::string name) : name_(std::move(name)) {}
  ~RelaxationPc();
  RelaxationPc(const RelaxationPc&) = delete;
  RelaxationPc& operator=(const RelaxationPc&) = delete;

  /// Made when first asked for; not referenced.
  PetscErrorCode get(PC outer, PC* inner);
  /// Its options; without a type of the user's it stays the standard one.
  PetscErrorCode set_from_options(PC outer);
  /// Matrices, DM and, where it is not the user's, the type. PCSetUp is left to the caller.
  PetscErrorCode prepare(PC outer, Mat A, Mat P);
  PetscErrorCode reset();
  /// Around each solve of @p ksp that it is applied in, so that it can go by the method.
  PetscErrorCode begin_solve(KSP ksp);
  PetscErrorCode end_solve(KSP ksp);

  /// Null before get(), set_from_options() or prepare().
  [[nodiscard]] PC pc() const { return pc_; }

private:
  PetscErrorCode choose_type(Mat P);

  std::string name_;
  PC pc_ = nullptr;
  bool standard_ = false; ///< its type is not of the user
  int begun_ = 0;         ///< solves that it was told of
};

/// The largest sum of |a_ij| / |a_ii| in a row, a bound of the spectrum of D^-1 @p P; 0 for
/// matrices without sparse rows. Collective.
PetscErrorCode jacobi_bound(Mat P, double* bound);
/// Of the largest eigenvalue of S A, by which S is damped to take 0.4 of the roughest error at
/// least.
inline constexpr double damping_factor = 1.4;

} // namespace linnet::linalg
