// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// PETSc log stages of an app, timed.
#pragma once

#include <linnet/core/petsc.hpp>

namespace linnet::core {

/// Pushes the stage @p name and adds its wall-clock seconds to @p seconds at the end of the object.
class Phase {
public:
  Phase(const char* name, double* seconds) : seconds_(seconds), begin_(MPI_Wtime()) {
    PetscLogStage stage = -1;
    LINNET_CHECK(PetscLogStageGetId(name, &stage));
    if (stage < 0) LINNET_CHECK(PetscLogStageRegister(name, &stage));
    LINNET_CHECK(PetscLogStagePush(stage));
  }
  ~Phase() {
    static_cast<void>(PetscLogStagePop());
    if (seconds_) *seconds_ += MPI_Wtime() - begin_;
  }
  Phase(const Phase&) = delete;
  Phase& operator=(const Phase&) = delete;

private:
  double* seconds_;
  double begin_;
};

} // namespace linnet::core
