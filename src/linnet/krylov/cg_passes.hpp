// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The passes over memory of one iteration of conjugate gradients.
#pragma once

#include <petsc/private/kspimpl.h>

#include <memory>

namespace linnet::krylov {

/// Residual r, preconditioned residual z, direction p and w = A p of one solve. All collective;
/// errors are thrown as core::Error.
class CgPasses {
public:
  virtual ~CgPasses() = default;
  /// The residual, to be set before the first precondition() and changed by update() only.
  [[nodiscard]] virtual Vec residual() = 0;
  /// z = B r.
  virtual void precondition() = 0;
  /// z.r, z.w and z.z for the present z, r and w.
  [[nodiscard]] virtual double z_dot_r() = 0;
  [[nodiscard]] virtual double z_dot_w() = 0;
  [[nodiscard]] virtual double z_dot_z() = 0;
  /// p = z + beta p (p = z for beta = 0, whatever p was), w = A p. Returns p.w.
  [[nodiscard]] virtual double turn(double beta) = 0;
  /// x += alpha p, r -= alpha w. Returns r.r.
  [[nodiscard]] virtual double update(double alpha, Vec x) = 0;
};

/// With PETSc's operations on Vecs: any matrix, any preconditioner.
std::unique_ptr<CgPasses> make_vec_passes(KSP ksp);
/// In three passes, for Mat `stencil` in symmetric mode with a PC that has a FieldPreconditioner;
/// null for others.
std::unique_ptr<CgPasses> make_field_passes(KSP ksp);

} // namespace linnet::krylov
