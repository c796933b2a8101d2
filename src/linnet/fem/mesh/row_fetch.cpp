// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/mesh/row_fetch.hpp>

#include <cstdint>

namespace linnet::fem {

namespace {

template <class Number>
MPI_Datatype mpi_type();
template <>
MPI_Datatype mpi_type<double>() {
  return MPI_DOUBLE;
}
template <>
MPI_Datatype mpi_type<std::int32_t>() {
  return MPI_INT32_T;
}
template <>
MPI_Datatype mpi_type<std::int64_t>() {
  return MPI_INT64_T;
}

} // namespace

RowFetch::RowFetch(MPI_Comm comm, PetscInt share, std::span<const PetscInt> wanted)
    : wanted_(wanted.size()) {
  PetscLayout layout = nullptr;
  LINNET_CHECK(PetscLayoutCreateFromSizes(comm, share, PETSC_DETERMINE, 1, &layout));
  LINNET_CHECK(PetscSFCreate(comm, &sf_));
  LINNET_CHECK(PetscSFSetGraphLayout(sf_, layout, static_cast<PetscInt>(wanted.size()), nullptr,
                                     PETSC_OWN_POINTER, wanted.data()));
  LINNET_CHECK(PetscLayoutDestroy(&layout));
}

RowFetch::~RowFetch() { static_cast<void>(PetscSFDestroy(&sf_)); }

template <class Number>
std::vector<Number> RowFetch::rows(const std::vector<Number>& table, int width) const {
  std::vector<Number> result(wanted_ * static_cast<std::size_t>(width));
  broadcast(mpi_type<Number>(), width, table.data(), result.data());
  return result;
}

void RowFetch::broadcast(MPI_Datatype type, int width, const void* from, void* to) const {
  MPI_Datatype row = MPI_DATATYPE_NULL;
  MPI_Type_contiguous(width, type, &row);
  MPI_Type_commit(&row);
  LINNET_CHECK(PetscSFBcastBegin(sf_, row, from, to, MPI_REPLACE));
  LINNET_CHECK(PetscSFBcastEnd(sf_, row, from, to, MPI_REPLACE));
  MPI_Type_free(&row);
}

template std::vector<double> RowFetch::rows(const std::vector<double>&, int) const;
template std::vector<int> RowFetch::rows(const std::vector<int>&, int) const;
template std::vector<std::int64_t> RowFetch::rows(const std::vector<std::int64_t>&, int) const;

} // namespace linnet::fem
