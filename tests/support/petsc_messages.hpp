// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What PETSc says when a call fails.
#pragma once

#include <linnet/core/petsc.hpp>

#include <string>

namespace linnet::test {

/// All messages that PETSc reported while it lives, instead of printing them.
class Messages {
public:
  Messages() { LINNET_CHECK(PetscPushErrorHandler(&Messages::take, this)); }
  ~Messages() { static_cast<void>(PetscPopErrorHandler()); }
  Messages(const Messages&) = delete;
  Messages& operator=(const Messages&) = delete;
  [[nodiscard]] const std::string& text() const { return text_; }

private:
  static PetscErrorCode take(MPI_Comm, int, const char*, const char*, PetscErrorCode code,
                             PetscErrorType, const char* message, void* self) {
    if (message) static_cast<Messages*>(self)->text_ += message;
    return code;
  }
  std::string text_;
};

} // namespace linnet::test
