// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/linalg/fluid_rows.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/io/vec_array.hpp>

#include <cmath>
#include <string>

namespace linnet::linalg {

namespace {

// Of the diagonal: what the sums of entries that were computed apart may differ by.
constexpr double rounding = 1e-10;

void require_rows(Mat matrix) {
  PetscBool has_rows = PETSC_FALSE, symmetric_storage = PETSC_FALSE;
  MatType type = nullptr;
  LINNET_CHECK(MatHasOperation(matrix, MATOP_GET_ROW, &has_rows));
  LINNET_CHECK(MatGetType(matrix, &type));
  LINNET_CHECK(PetscObjectTypeCompareAny(reinterpret_cast<PetscObject>(matrix), &symmetric_storage,
                                         MATSBAIJ, MATSEQSBAIJ, MATMPISBAIJ, ""));
  if (!has_rows || symmetric_storage)
    core::throw_usage("a matrix of type " + std::string(type) +
                      " does not give its rows, by which fluid and solid cells are told apart; "
                      "use -dm_mat_type aij or stencil");
}

struct Sums {
  double diagonal = 0.0, others = 0.0;
};

Sums sums_of(Mat matrix, PetscInt row) {
  PetscInt count = 0;
  const PetscInt* columns = nullptr;
  const PetscScalar* values = nullptr;
  Sums sums;
  LINNET_CHECK(MatGetRow(matrix, row, &count, &columns, &values));
  for (PetscInt e = 0; e < count; ++e)
    if (columns[e] == row)
      sums.diagonal += values[e];
    else
      sums.others += std::abs(values[e]);
  LINNET_CHECK(MatRestoreRow(matrix, row, &count, &columns, &values));
  return sums;
}

} // namespace

FluidRows read_fluid_rows(Mat matrix) {
  require_rows(matrix);
  MPI_Comm comm = PetscObjectComm(reinterpret_cast<PetscObject>(matrix));
  FluidRows rows;
  Vec fluid = nullptr, excess = nullptr;
  LINNET_CHECK(MatCreateVecs(matrix, nullptr, &fluid));
  rows.fluid.reset(fluid);
  LINNET_CHECK(VecDuplicate(fluid, &excess));
  rows.excess.reset(excess);
  core::together(comm, [&] {
    PetscInt begin = 0, end = 0;
    LINNET_CHECK(MatGetOwnershipRange(matrix, &begin, &end));
    const io::VecWriteArray is_fluid(fluid), has_excess(excess);
    for (PetscInt row = begin; row < end; ++row) {
      const Sums sums = sums_of(matrix, row);
      const bool coupled = sums.others != 0.0;
      if (!coupled) ++rows.masked;
      is_fluid.data()[row - begin] = coupled ? 1.0 : 0.0;
      has_excess.data()[row - begin] =
          coupled && sums.diagonal - sums.others > rounding * sums.diagonal ? 1.0 : 0.0;
    }
  });
  MPI_Allreduce(MPI_IN_PLACE, &rows.masked, 1, MPI_INT64_T, MPI_SUM, comm);
  return rows;
}

} // namespace linnet::linalg
