// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/kokkos_session.hpp>

#include <Kokkos_Core.hpp>

namespace linnet::core {
namespace {

bool began_here = false;
bool ended_here = false;

PetscErrorCode end_session() {
  PetscFunctionBegin;
  if (began_here && Kokkos::is_initialized()) Kokkos::finalize();
  ended_here = began_here;
  began_here = false;
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

PetscErrorCode ensure_kokkos() {
  PetscFunctionBegin;
  if (Kokkos::is_initialized()) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCheck(!ended_here, PETSC_COMM_SELF, PETSC_ERR_ORDER,
             "Kokkos was finalised with the previous PetscFinalize and cannot start twice in one "
             "process; call PetscInitialize only once");
  PetscInt threads = 1;
  PetscCall(PetscOptionsGetInt(nullptr, nullptr, "-linnet_threads", &threads, nullptr));
  PetscCheck(threads >= 1 && threads <= 4096, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "-linnet_threads %" PetscInt_FMT ": must lie between 1 and 4096", threads);
#if KOKKOS_VERSION >= 30700
  Kokkos::initialize(Kokkos::InitializationSettings().set_num_threads(static_cast<int>(threads)));
#else
  Kokkos::InitArguments arguments;
  arguments.num_threads = static_cast<int>(threads);
  Kokkos::initialize(arguments);
#endif
  began_here = true;
  PetscCall(PetscRegisterFinalize(end_session));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::core
