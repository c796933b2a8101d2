// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/linalg/dense_solve.hpp>

#include <linnet/core/petsc.hpp>

#include <petscblaslapack.h>

#include <string>

// PETSc declares it by a name that hangs on how it was configured.
extern "C" {
void dgesv_(const PetscBLASInt*, const PetscBLASInt*, double*, const PetscBLASInt*, PetscBLASInt*,
            double*, const PetscBLASInt*, PetscBLASInt*);
}

namespace linnet::linalg {

bool solve_dense(std::size_t n, std::vector<double>& a, std::vector<double>& b) {
  if (n == 0) return true;
  PetscBLASInt size = 0, info = 0;
  LINNET_CHECK(PetscBLASIntCast(static_cast<PetscInt>(n), &size));
  const PetscBLASInt one = 1;
  std::vector<PetscBLASInt> pivots(n);
  dgesv_(&size, &one, a.data(), &size, pivots.data(), b.data(), &size, &info);
  if (info < 0)
    throw core::Error(core::ExitCode::internal,
                      "dgesv refused its argument " + std::to_string(-info));
  return info == 0;
}

} // namespace linnet::linalg
