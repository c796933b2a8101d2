// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The differences between PETSc versions, and the border between its error codes and our
/// exceptions.
#pragma once

#include <linnet/core/error.hpp>

#include <petscksp.h>

#include <exception>

#if defined(PETSC_USE_COMPLEX)
#error "Linnet needs a PETSc with real scalars"
#endif
#if !defined(PETSC_USE_REAL_DOUBLE)
#error "Linnet needs a PETSc in double precision"
#endif
#if PETSC_VERSION_LT(3, 18, 0)
#error "Linnet needs PETSc 3.18 or newer"
#endif

#if PETSC_VERSION_LT(3, 19, 0) && !defined(PETSC_SUCCESS)
#define PETSC_SUCCESS ((PetscErrorCode)0)
#endif

namespace linnet::core {

// The second argument of every setfromoptions hook.
#if PETSC_VERSION_LT(3, 23, 0)
using OptionItems = PetscOptionItems*;
#else
using OptionItems = PetscOptionItems;
#endif

/// PETSC_ERR_* that carries the meaning of @p code through PETSc's error path.
constexpr PetscErrorCode petsc_error_code(ExitCode code) {
  switch (code) {
  case ExitCode::usage: return PETSC_ERR_USER_INPUT;
  case ExitCode::data: return PETSC_ERR_FILE_UNEXPECTED;
  case ExitCode::not_converged: return PETSC_ERR_NOT_CONVERGED;
  default: return PETSC_ERR_LIB;
  }
}

/// A PETSc call that failed inside code that throws. PETSc has printed its own traceback.
inline void check(PetscErrorCode ierr, const char* call,
                  std::source_location where = std::source_location::current()) {
  if (ierr != PETSC_SUCCESS) throw Error(ExitCode::internal, std::string(call) + " failed", where);
}

} // namespace linnet::core

/// PETSc call inside a function that throws.
#define LINNET_CHECK(...) ::linnet::core::check((__VA_ARGS__), #__VA_ARGS__)

/// Runs @p ... inside a function that returns PetscErrorCode and turns exceptions into PETSc
/// errors.
#define LINNET_PETSC_GUARD(...)                                                                    \
  do {                                                                                             \
    try {                                                                                          \
      __VA_ARGS__;                                                                                 \
    } catch (const ::linnet::core::Error& error) {                                                 \
      SETERRQ(PETSC_COMM_SELF, ::linnet::core::petsc_error_code(error.code()), "%s",               \
              error.what());                                                                       \
    } catch (const std::exception& error) {                                                        \
      SETERRQ(PETSC_COMM_SELF, PETSC_ERR_LIB, "%s", error.what());                                 \
    }                                                                                              \
  } while (false)
