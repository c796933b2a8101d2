// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The smoother of a two-level preconditioner: any PC of PETSc as S and its transpose S^T, damped
/// where needed so that I - S A contracts in the energy norm, which keeps the whole symmetric
/// positive definite.
///
/// Gauss-Seidel (sor) sweeps forward for S and backward for S^T, where PETSc's own standard does
/// both. Jacobi is damped by 1.4 over the largest sum of |a_ij| / a_ii in a row, a bound of the
/// spectrum of D^-1 A: 0.7 for the five-point Laplacian. Gauss-Seidel by ranks is damped where what
/// a row has on other ranks exceeds its diagonal. Both bounds are proofs for symmetric positive
/// definite matrices stored by rows. For others Lanczos steps in the energy product find the
/// spectrum of S A for a symmetric S, else that of (I - S^T A)(I - S A), with a margin of a tenth;
/// what is not positive definite, and restricted additive Schwarz, is refused. Where A is not
/// symmetric positive definite, nothing contracts for sure; S is damped by 1.4 over the spectral
/// radius of S A, as the power method sees it, where that is above 1.4.
#pragma once

#include <linnet/core/owned.hpp>
#include <linnet/linalg/relaxation_pc.hpp>

#include <petscpc.h>

#include <cstdint>
#include <string>

namespace linnet::coarse {

/// Values between -1 and 1 that do not repeat, others for every @p stream. Logically collective.
PetscErrorCode fill_noise(Vec v, std::uint64_t stream);

/// All functions with PetscErrorCode are collective on the PC.
class Smoother {
public:
  Smoother() = default;
  ~Smoother();
  Smoother(const Smoother&) = delete;
  Smoother& operator=(const Smoother&) = delete;

  struct Options {
    bool symmetric = true; ///< A is symmetric positive definite: S^T is needed, and contraction
    bool once = false;     ///< one application that is symmetric itself, in place of S and S^T
    double damping = 0.0;  ///< 0: found as above
  };

  /// The PC of the user, with the prefix of @p outer and "basis_smoother_"; not referenced.
  PetscErrorCode get(PC outer, PC* smoother);
  /// Its options; without a type of the user's it stays the standard one.
  PetscErrorCode set_from_options(PC outer);
  /// For the matrix @p A with the preconditioning matrix @p P. Errors: PETSC_ERR_USER_INPUT for a
  /// smoother that is not symmetric and has no transpose, that is not positive definite, or that
  /// does not contract however it is damped.
  PetscErrorCode set_up(PC outer, Mat A, Mat P, const Options& options);
  PetscErrorCode apply(Vec r, Vec z);            ///< z = S r
  PetscErrorCode apply_transposed(Vec r, Vec z); ///< z = S^T r; S r unless `symmetric`
  /// Around each solve of @p ksp.
  PetscErrorCode begin_solve(KSP ksp) { return relaxation_.begin_solve(ksp); }
  PetscErrorCode end_solve(KSP ksp) { return relaxation_.end_solve(ksp); }
  PetscErrorCode reset();

  [[nodiscard]] PC pc() const { return relaxation_.pc(); }
  [[nodiscard]] double damping() const { return damping_; }
  /// Why it contracts, in a few words; empty before set-up.
  [[nodiscard]] const std::string& remark() const { return remark_; }

private:
  PetscErrorCode set_up_sweeps(PC outer, Mat A, Mat P, const Options& options);
  PetscErrorCode find_transpose(Mat A, const Options& options);
  PetscErrorCode find_damping(Mat A, Mat P, const Options& options);
  PetscErrorCode damp_sor(Mat P, bool* proven);
  PetscErrorCode damp_jacobi(Mat P, bool* proven);
  PetscErrorCode damp_symmetric(Mat A);
  PetscErrorCode damp_pair(Mat A);
  PetscErrorCode require_definite(Mat A, double* largest);
  PetscErrorCode error_map(Mat A, bool twice, const Vec v[4]);
  PetscErrorCode spectrum(Mat A, bool twice, double ends[2]);
  PetscErrorCode radius(Mat A, double* largest);

  linalg::RelaxationPc relaxation_{"basis_smoother_"};
  PC backward_ = nullptr;   ///< sor alone: the other sweep
  bool transposes_ = false; ///< S^T is PCApplyTranspose
  double damping_ = 1.0;
  std::string remark_;
};

} // namespace linnet::coarse
