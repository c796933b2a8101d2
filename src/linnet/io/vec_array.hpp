// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The local numbers of a Vec on the host while the object lives.
#pragma once

#include <linnet/core/petsc.hpp>

namespace linnet::io {

/// Read access. Not collective.
class VecReadArray {
public:
  explicit VecReadArray(Vec vec) : vec_(vec) { LINNET_CHECK(VecGetArrayRead(vec_, &data_)); }
  ~VecReadArray() { static_cast<void>(VecRestoreArrayRead(vec_, &data_)); }
  VecReadArray(const VecReadArray&) = delete;
  VecReadArray& operator=(const VecReadArray&) = delete;
  [[nodiscard]] const double* data() const { return data_; }

private:
  Vec vec_;
  const PetscScalar* data_ = nullptr;
};

/// Write access; the old numbers are lost. The destructor changes the state of the Vec, so every
/// rank must make one.
class VecWriteArray {
public:
  explicit VecWriteArray(Vec vec) : vec_(vec) { LINNET_CHECK(VecGetArrayWrite(vec_, &data_)); }
  ~VecWriteArray() { static_cast<void>(VecRestoreArrayWrite(vec_, &data_)); }
  VecWriteArray(const VecWriteArray&) = delete;
  VecWriteArray& operator=(const VecWriteArray&) = delete;
  [[nodiscard]] double* data() const { return data_; }

private:
  Vec vec_;
  PetscScalar* data_ = nullptr;
};

} // namespace linnet::io
