// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/default_option.hpp>

#include <linnet/core/petsc.hpp>

namespace linnet::core {

void set_default_option(const char* name, const char* value) {
  PetscBool given = PETSC_FALSE;
  LINNET_CHECK(PetscOptionsHasName(nullptr, nullptr, name, &given));
  if (given) return;
  LINNET_CHECK(PetscOptionsSetValue(nullptr, name, value));
  // Asked for once, so that a run that ends early does not report our own value as unused.
  LINNET_CHECK(PetscOptionsHasName(nullptr, nullptr, name, &given));
}

} // namespace linnet::core
