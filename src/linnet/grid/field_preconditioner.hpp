// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Preconditioners that work on fields in single precision, for Krylov methods that cast in the
/// pass in which they form the residual.
#pragma once

#include <linnet/core/petsc.hpp>
#include <linnet/kernels/row_spans.hpp>
#include <linnet/kernels/star/coded_star.hpp>

#include <cstdint>
#include <vector>

namespace linnet::grid {

/// z = output_factor() * output() for the right-hand side input(), both on this rank's box of a
/// DMDA. The fields stay where they are from one set-up of the PC to the next.
class FieldPreconditioner {
public:
  virtual ~FieldPreconditioner() = default;
  [[nodiscard]] virtual const kernels::Field<float>& input() = 0;
  [[nodiscard]] virtual const kernels::Field<float>& output() = 0;
  [[nodiscard]] virtual double output_factor() const = 0;
  /// By marched directions (kernels/stencil/planes.hpp). Outside of these spans the matrix has rows
  /// with a diagonal entry only and the preconditioner is their inverse, on this rank and all
  /// others.
  [[nodiscard]] virtual kernels::RowSpans occupied() = 0;
  /// True if "the matrix" of occupied() is @p a with its present values. A PC that is reused knows
  /// those before: couplings may have come where it takes rows for empty. Not collective.
  [[nodiscard]] virtual bool is_set_up_for(Mat a) = 0;
  /// The couplings of the matrix it was set up for, times output_factor(), with valid ghosts, where
  /// it keeps them on the box of input(): one field per offset of the upper half. Else none.
  [[nodiscard]] virtual std::vector<kernels::Field<float>> couplings() = 0;
  /// The same operator in one byte per point, where it is kept so; else null.
  [[nodiscard]] virtual const kernels::CodedStar<float>* coded_star() = 0;
  /// True if applications leave input() as it is.
  [[nodiscard]] virtual bool keeps_input() const = 0;
  /// Collective.
  virtual void apply() = 0;
  /// The same if input() and output() are zero outside of occupied(): output() stays so.
  /// Collective.
  virtual void apply_within_occupied() = 0;
  /// How often it has been applied so far, by this function or as a PC: both use the same fields.
  [[nodiscard]] virtual std::int64_t applications() const = 0;
};

/// A PC that can work so composes a function of this name and type. It sets null where the present
/// set-up does not allow it. Collective.
inline constexpr const char* get_field_preconditioner = "PCGetFieldPreconditioner_C";
using GetFieldPreconditioner = PetscErrorCode (*)(PC, FieldPreconditioner**);

} // namespace linnet::grid
