// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The passes over memory of one iteration of conjugate gradients.
#pragma once

#include <petsc/private/kspimpl.h>

#include <memory>

namespace linnet::krylov {

/// For residuals that are updated in single precision and so drift from b - A x: when to form them
/// anew, and how ("reliable updates", Sleijpen and van der Vorst, Computing 56 (1996) 141).
class ResidualRenewal {
public:
  virtual ~ResidualRenewal() = default;
  /// True if the residual is b - A x to double precision: no update has come since renew().
  [[nodiscard]] virtual bool is_fresh() const = 0;
  /// True if the drift is expected to be no longer small beside a residual with r.r = @p rr.
  [[nodiscard]] virtual bool is_due(double rr) const = 0;
  /// r = b - A x in double precision, then rounded. Returns its r.r. Collective.
  virtual double renew() = 0;
  /// True if the last renew() found mostly drift, and hardly less than at the renewal before.
  [[nodiscard]] virtual bool has_drifted() const = 0;
  /// Bytes per point that renew() moves, counted.
  [[nodiscard]] virtual int renewal_bytes() const = 0;
};

/// Residual r, preconditioned residual z, direction p and w = A p of one solve. All collective;
/// errors are thrown as core::Error.
class CgPasses {
public:
  virtual ~CgPasses() = default;
  /// Before all else: r = b - A x, or r = b where x is known to be zero.
  virtual void start(bool from_zero) = 0;
  /// r.r of the present residual.
  [[nodiscard]] virtual double r_dot_r() = 0;
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
  /// Bytes per point that an iteration moves beside the preconditioner, counted as in
  /// multigrid/memory_traffic.hpp; 0 where that is PETSc's business.
  [[nodiscard]] virtual int bytes() const { return 0; }
  /// Null where residuals are updated in double precision.
  [[nodiscard]] virtual ResidualRenewal* renewal() { return nullptr; }
};

/// With PETSc's operations on Vecs: any matrix, any preconditioner.
std::unique_ptr<CgPasses> make_vec_passes(KSP ksp);

/// @p r = b - A x of @p ksp, or b where x is known to be zero. Collective; throws core::Error.
void form_residual(KSP ksp, bool from_zero, Vec r);
/// v.v. Collective; throws core::Error.
[[nodiscard]] double squared_norm(Vec v);

} // namespace linnet::krylov
