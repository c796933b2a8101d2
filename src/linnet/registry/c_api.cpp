// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/log.hpp>
#include <linnet/registry/register.hpp>
#include <linnet/registry/types.hpp>

namespace {

bool initialised = false;

PetscErrorCode finalize() {
  PetscFunctionBegin;
  initialised = false;
  PetscFunctionReturn(PETSC_SUCCESS);
}

// A plug-in built for another PETSc loads without complaint and corrupts memory later.
PetscErrorCode check_host() {
  PetscFunctionBegin;
  PetscInt major, minor;
  PetscCall(PetscGetVersionNumber(&major, &minor, nullptr, nullptr));
  PetscCheck(major == PETSC_VERSION_MAJOR && minor == PETSC_VERSION_MINOR, PETSC_COMM_SELF,
             PETSC_ERR_SUP,
             "Linnet was built for PETSc %d.%d but this program runs PETSc %" PetscInt_FMT
             ".%" PetscInt_FMT "; rebuild Linnet against the PETSc of the program",
             PETSC_VERSION_MAJOR, PETSC_VERSION_MINOR, major, minor);
  PetscDataType scalar, integer;
  PetscBool found;
  PetscCall(PetscDataTypeFromString("scalar", &scalar, &found));
  PetscCheck(found && scalar == PETSC_SCALAR, PETSC_COMM_SELF, PETSC_ERR_SUP,
             "Linnet needs a PETSc with real double scalars, but this program's PETSc has others "
             "(complex or single); use a real build of PETSc");
  PetscCall(PetscDataTypeFromString("int", &integer, &found));
  PetscCheck(found && integer == PETSC_INT, PETSC_COMM_SELF, PETSC_ERR_SUP,
             "Linnet was built for %d-bit PETSc indices, but this program's PETSc has others",
             static_cast<int>(8 * sizeof(PetscInt)));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

PetscErrorCode LinnetInitialize(void) {
  PetscFunctionBegin;
  if (initialised) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(check_host());
  PetscCall(linnet::core::register_events());
  PetscCall(linnet::registry::register_types());
  PetscCall(PetscRegisterFinalize(finalize));
  initialised = true;
  PetscFunctionReturn(PETSC_SUCCESS);
}
