// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The values of a PETSc Vec as kernels see them.
#pragma once

#include <linnet/core/petsc.hpp>
#include <linnet/kernels/field.hpp>

namespace linnet::grid {

/// What kernels do with the values. `write` starts from unspecified values.
enum class Access { read, write, read_write };

/// This rank's part of a Vec as a Field, until restore() or the end of the object. The only code
/// that asks a Vec for its array. The array itself is used where kernels can reach its memory;
/// otherwise it is copied to theirs and, unless access is `read`, back on restore.
class FieldView {
public:
  /// @p layout describes the local values in their order in the Vec: `Layout(extent, {0,0,0})` for
  /// a global DMDA Vec of one unknown per point. Not collective. Throws core::Error when the local
  /// size differs from `layout.size()` or the Vec is locked. The Vec must outlive the view.
  FieldView(Vec vec, const kernels::Layout& layout, Access access);
  /// The same for a rank's box of @p extent points without ghosts.
  FieldView(Vec vec, const core::Index3& extent, Access access)
      : FieldView(vec, kernels::Layout(extent, {0, 0, 0}), access) {}
  ~FieldView();
  FieldView(const FieldView&) = delete;
  FieldView& operator=(const FieldView&) = delete;

  /// Copies must not outlive the view; with `read` the values must not be written.
  [[nodiscard]] const kernels::Field<double>& field() const { return field_; }
  /// Waits for kernels that are under way and gives the values back to the Vec. Call it where
  /// errors matter; the destructor cannot report any.
  void restore();

private:
  void take_array();
  void give_array();

  Vec vec_;
  Access access_;
  kernels::Field<double> field_;
  PetscScalar* array_ = nullptr;
  bool staged_ = false;
  bool open_ = false;
};

} // namespace linnet::grid
