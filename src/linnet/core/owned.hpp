// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Owning handles of PETSc objects.
#pragma once

#include <linnet/core/petsc.hpp>

#include <petscdm.h>

#include <memory>
#include <type_traits>

namespace linnet::core {

struct PetscDeleter {
  void operator()(Vec v) const { static_cast<void>(VecDestroy(&v)); }
  void operator()(DM d) const { static_cast<void>(DMDestroy(&d)); }
  void operator()(Mat m) const { static_cast<void>(MatDestroy(&m)); }
  void operator()(KSP k) const { static_cast<void>(KSPDestroy(&k)); }
  void operator()(MatNullSpace n) const { static_cast<void>(MatNullSpaceDestroy(&n)); }
};
template <class T>
using Owned = std::unique_ptr<std::remove_pointer_t<T>, PetscDeleter>;

} // namespace linnet::core
