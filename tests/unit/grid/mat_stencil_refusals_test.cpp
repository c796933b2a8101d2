// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// What Mat `stencil` refuses, in one line that says why.
#include "mat_stencil_case.hpp"

#include <gtest/gtest.h>
#include <petscmat.h>

#include <cmath>
#include <string>

using namespace linnet;
using namespace linnet::test;
using grid::MatStencilSetCouplings;

namespace {
std::string last_message;
PetscErrorCode keep_message(MPI_Comm, int, const char*, const char*, PetscErrorCode code,
                            PetscErrorType type, const char* message, void*) {
  if (message && type == PETSC_ERROR_INITIAL) last_message = message;
  return code;
}
} // namespace

TEST(MatStencilRefusals, RefusesWhatItCannotHold) {
  const Case& c = cases[2];
  DM da = make_da(c);
  Mat A = make_mat(da, MATSTENCIL);
  PetscInt first;
  LINNET_CHECK(MatGetOwnershipRange(A, &first, nullptr));
  LINNET_CHECK(PetscPushErrorHandler(keep_message, nullptr));
  EXPECT_EQ(MatSetValue(A, first, first + 2, 1.0, INSERT_VALUES), PETSC_ERR_ARG_OUTOFRANGE);
  EXPECT_NE(last_message.find("-dm_mat_type aij"), std::string::npos) << last_message;
  Vec bad = point_vec(da, 1, std::nan(""), 1.0);
  Vec couplings[] = {bad, bad, bad};
  EXPECT_EQ(MatStencilSetCouplings(A, c.pattern, couplings, bad), PETSC_ERR_USER_INPUT);
  EXPECT_NE(last_message.find("finite"), std::string::npos) << last_message;
  Mat plain;
  LINNET_CHECK(MatCreate(PETSC_COMM_WORLD, &plain));
  LINNET_CHECK(MatSetSizes(plain, 4, 4, PETSC_DETERMINE, PETSC_DETERMINE));
  LINNET_CHECK(MatSetType(plain, MATSTENCIL));
  EXPECT_EQ(MatSetUp(plain), PETSC_ERR_ARG_WRONGSTATE);
  EXPECT_NE(last_message.find("DMDA"), std::string::npos) << last_message;
  LINNET_CHECK(PetscPopErrorHandler());
  LINNET_CHECK(MatDestroy(&plain));
  LINNET_CHECK(VecDestroy(&bad));
  LINNET_CHECK(MatDestroy(&A));
  LINNET_CHECK(DMDestroy(&da));
}

// One value anywhere in a row that is longer than the lanes that look at it, or in what is left.
TEST(MatStencilRefusals, FindsOneValueThatIsWrong) {
  const Case row{"row", StencilPattern::star2d, {61, 1, 1}, {false, false, false}};
  DM da = make_da(row);
  for (const double wrong : {std::nan(""), double(INFINITY), -0.25})
    for (PetscInt at = 0; at < row.points[0] - 1; ++at) { // the last one is not coupled
      Mat A = make_mat(da, MATSTENCIL);
      Vec along = point_vec(da, 1, 0.5, 1.0), across = point_vec(da, 2, 0.0, 0.0), sum;
      LINNET_CHECK(VecDuplicate(across, &sum));
      LINNET_CHECK(VecSet(sum, 0.5));
      PetscInt first, last;
      LINNET_CHECK(VecGetOwnershipRange(along, &first, &last));
      if (at >= first && at < last) LINNET_CHECK(VecSetValue(along, at, wrong, INSERT_VALUES));
      LINNET_CHECK(VecAssemblyBegin(along));
      LINNET_CHECK(VecAssemblyEnd(along));
      const Vec couplings[] = {along, across};
      LINNET_CHECK(PetscPushErrorHandler(keep_message, nullptr));
      const PetscErrorCode ierr = MatStencilSetCouplings(A, row.pattern, couplings, sum);
      LINNET_CHECK(PetscPopErrorHandler());
      EXPECT_EQ(ierr, std::isfinite(wrong) ? PETSC_SUCCESS : PETSC_ERR_USER_INPUT) << at;
      PetscBool set = PETSC_FALSE, spd = PETSC_FALSE;
      LINNET_CHECK(MatIsSPDKnown(A, &set, &spd));
      EXPECT_FALSE(set && spd) << at;
      for (Vec* v : {&along, &across, &sum}) LINNET_CHECK(VecDestroy(v));
      LINNET_CHECK(MatDestroy(&A));
    }
  LINNET_CHECK(DMDestroy(&da));
}
