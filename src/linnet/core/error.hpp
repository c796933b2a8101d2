// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The exception of all code that does not touch PETSc objects. Adapters turn it into a PETSc error
/// (core/petsc.hpp); apps turn it into one line on stderr and an exit code.
#pragma once

#include <source_location>
#include <stdexcept>
#include <string>

namespace linnet::core {

/// What went wrong, as the user sees it in the exit code of an app.
enum class ExitCode : int {
  success = 0,
  internal = 1,      ///< a bug, or a PETSc error that none of the others covers
  usage = 2,         ///< option or deck wrong
  not_converged = 3, ///< a solver did not reach its tolerance
  data = 4,          ///< a data, mesh or model file wrong or not matching
  stopped = 5,       ///< stopped by time or signal, after a checkpoint
};

/// One line for the user (what, where, allowed, remedy) plus the place in the source for us.
/// Control characters of quoted input become blanks and the middle of very long messages is left
/// out.
class Error : public std::runtime_error {
public:
  explicit Error(ExitCode code, const std::string& message,
                 std::source_location where = std::source_location::current());

  [[nodiscard]] ExitCode code() const noexcept { return code_; }
  [[nodiscard]] const std::source_location& where() const noexcept { return where_; }

private:
  ExitCode code_;
  std::source_location where_;
};

/// A wrong option value or deck entry.
[[noreturn]] inline void throw_usage(const std::string& message,
                                     std::source_location where = std::source_location::current()) {
  throw Error(ExitCode::usage, message, where);
}

/// A wrong, damaged or mismatched file.
[[noreturn]] inline void throw_data(const std::string& message,
                                    std::source_location where = std::source_location::current()) {
  throw Error(ExitCode::data, message, where);
}

} // namespace linnet::core
