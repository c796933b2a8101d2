// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/grid/kernel_values.hpp>

#include <climits>

namespace linnet::grid {

core::Index3 KernelValues::extent(Vec vec) {
  PetscInt size = 0;
  LINNET_CHECK(VecGetLocalSize(vec, &size));
  if (size > INT_MAX)
    core::throw_usage("more than 2147483647 numbers of a vector on one rank; use more ranks");
  return {static_cast<int>(size), 1, 1};
}

} // namespace linnet::grid
