// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Vecs of a mesh's DM, as kernels and as loops of the host see them.
#pragma once

#include <linnet/core/owned.hpp>
#include <linnet/grid/kernel_values.hpp>
#include <linnet/kernels/staging.hpp>

#include <span>

namespace linnet::fem {

using grid::KernelValues;
using kernels::device_copy;
using kernels::host_copy;

/// Zeros. Not collective.
core::Owned<Vec> local_vector(DM dm);
/// Zeros. Collective.
core::Owned<Vec> global_vector(DM dm);

/// All local numbers of a Vec on the host, to read and write.
class HostValues {
public:
  explicit HostValues(Vec vec) : vec_(vec) { LINNET_CHECK(VecGetArray(vec_, &data_)); }
  ~HostValues() { static_cast<void>(VecRestoreArray(vec_, &data_)); }
  HostValues(const HostValues&) = delete;
  HostValues& operator=(const HostValues&) = delete;
  [[nodiscard]] double& operator[](PetscInt i) const { return data_[i]; }

private:
  Vec vec_;
  PetscScalar* data_ = nullptr;
};

} // namespace linnet::fem
