// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A PETSc log event as long as an object lives.
#pragma once

#include <linnet/core/petsc.hpp>

namespace linnet::fem {

class LogEvent {
public:
  explicit LogEvent(PetscLogEvent event) : event_(event) { LINNET_CHECK(begin()); }
  ~LogEvent() { static_cast<void>(end()); }
  LogEvent(const LogEvent&) = delete;
  LogEvent& operator=(const LogEvent&) = delete;

private:
  PetscErrorCode begin() const {
    PetscFunctionBegin;
    PetscCall(PetscLogEventBegin(event_, 0, 0, 0, 0));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  PetscErrorCode end() const {
    PetscFunctionBegin;
    PetscCall(PetscLogEventEnd(event_, 0, 0, 0, 0));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  PetscLogEvent event_;
};

} // namespace linnet::fem
