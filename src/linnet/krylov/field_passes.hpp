// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Passes of conjugate gradients for Mat `stencil` in symmetric mode with a PC that works on fields
/// in single precision (grid/field_preconditioner.hpp).
///
/// Where the preconditioner knows rows with a diagonal entry only (solid cells, air) of the matrix
/// as it is now, all vectors stay zero if the first residual is, and the passes leave them out.
#pragma once

#include <linnet/grid/field_preconditioner.hpp>
#include <linnet/grid/mat_stencil.hpp>
#include <linnet/grid/single_product.hpp>
#include <linnet/kernels/stencil/planes.hpp>
#include <linnet/krylov/cg_passes.hpp>

#include <optional>

namespace linnet::krylov {

/// What such passes work on. Nothing is owned.
struct FieldProblem {
  KSP ksp = nullptr;
  Mat a = nullptr;
  MPI_Comm comm = MPI_COMM_NULL;
  const grid::StencilData* data = nullptr;
  grid::FieldPreconditioner* preconditioner = nullptr;
  bool removes_mean = false; ///< the constants are the null space of A
};

/// The problem of @p ksp, if it has matrix and preconditioner of these kinds, and no null space but
/// the constants. Collective.
std::optional<FieldProblem> field_problem_of(KSP ksp);

/// What passes in either precision share: preconditioning, and where r and z are not zero.
class FieldPasses : public CgPasses {
public:
  explicit FieldPasses(const FieldProblem& problem);
  void precondition() final;
  double z_dot_z() final;

protected:
  /// input() = r, scaled: at first, and after others have used it.
  virtual void refill_input() = 0;
  /// Whether this rank's part of the residual is zero outside of @p spans.
  [[nodiscard]] virtual bool is_zero_outside(const kernels::RowSpans& spans) = 0;

  // Monitors and convergence tests may apply the PC: then input and output are theirs.
  [[nodiscard]] bool was_used_elsewhere() const { return b_.applications() != applications_; }
  void keep_z() {
    if (was_used_elsewhere()) precondition();
  }
  /// From now on input() and output() are those of this object.
  void claim_fields() { applications_ = b_.applications(); }

  [[nodiscard]] double sum(double mine) const;
  template <class T>
  [[nodiscard]] kernels::Field<T> marched(const kernels::Field<T>& f) const {
    return kernels::marched(f, dimension_);
  }

  /// Bytes per point to take the mean out of z, where that is done.
  [[nodiscard]] int mean_bytes() const { return removes_mean_ ? 12 : 0; }

  KSP ksp_;
  Mat a_;
  MPI_Comm comm_;
  grid::FieldPreconditioner& b_;
  int dimension_;
  int couplings_; ///< per point
  core::Index3 extent_;
  bool has_input_ = false;  ///< input() holds the present residual
  kernels::RowSpans spans_; ///< vectors are zero outside, but for p and w before the first turn()
  bool has_turned_ = false;

private:
  void find_spans();
  void remove_mean();
  [[nodiscard]] virtual double z_scale() const = 0;

  bool removes_mean_;
  bool may_skip_; // and has not yet looked where
  bool has_preconditioned_ = false;
  std::int64_t applications_ = -1; // of b_, when this object used its fields last
};

/// All vectors in double precision; the KSP has three work Vecs.
std::unique_ptr<CgPasses> make_double_passes(const FieldProblem& problem);

/// Memory that passes in single precision keep from one solve to the next.
struct SingleStorage {
  std::unique_ptr<grid::SingleProduct> product;
  kernels::Field<float> residual; ///< where the preconditioner does not keep its input
};

/// Residual, direction and product in single precision, solution and sums in double precision; the
/// KSP needs no work Vecs. @p storage is made anew where it does not fit the problem. Null where
/// the preconditioner has not been set up for the matrix as it is, or lends none of its couplings.
std::unique_ptr<CgPasses> make_single_passes(const FieldProblem& problem, SingleStorage& storage);

} // namespace linnet::krylov
