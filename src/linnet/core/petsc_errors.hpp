// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Sorts PETSc errors into those of the user (one line) and bugs (PETSc's traceback).
#pragma once

#include <linnet/core/agreement.hpp>
#include <linnet/core/option_sources.hpp>
#include <linnet/core/option_table.hpp>
#include <linnet/core/petsc.hpp>

#include <string>

namespace linnet::core {

/// PETSc's error handler while it lives: remembers the last error, prints PETSc's traceback only
/// for bugs. `-on_error_abort` and the like still lie on top of it. One at a time; not collective.
class PetscErrors {
public:
  PetscErrors();
  ~PetscErrors();
  PetscErrors(const PetscErrors&) = delete;
  PetscErrors& operator=(const PetscErrors&) = delete;
  PetscErrors(PetscErrors&&) = delete;
  PetscErrors& operator=(PetscErrors&&) = delete;

  /// The line and exit code of the error @p code that a PETSc call has returned; @p sources finds
  /// the option whose value PETSc refused. A refused value of an option that @p table owns is a
  /// usage error like any other of ours.
  [[nodiscard]] Outcome outcome(PetscErrorCode code, const OptionSources& sources,
                                const OptionTable& table) const;
  /// True when an error was raised since forget().
  [[nodiscard]] bool raised() const { return code_ != PETSC_SUCCESS; }
  [[nodiscard]] PetscErrorCode code() const { return code_; }
  void forget() { code_ = PETSC_SUCCESS; }

private:
  static PetscErrorCode handle(MPI_Comm comm, int line, const char* function, const char* file,
                               PetscErrorCode code, PetscErrorType type, const char* message,
                               void* context);
  [[nodiscard]] bool is_user_error() const;
  [[nodiscard]] bool is_refused_option() const;
  [[nodiscard]] std::string asked_factor(const OptionSources& sources) const;
  [[nodiscard]] std::string refused_option(const OptionSources& sources) const;

  PetscErrorCode code_ = PETSC_SUCCESS;
  std::string message_;
  std::string function_;
  bool ours_ = false; // raised in Linnet's code, not in PETSc's
};

} // namespace linnet::core
