// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/registry/types.hpp>

namespace linnet::registry {

PetscErrorCode register_types() {
  PetscFunctionBegin;
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::registry
