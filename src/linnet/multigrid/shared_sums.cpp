// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/shared_sums.hpp>

namespace linnet::multigrid {

SharedSums::SharedSums(MPI_Comm comm, PetscInt kept, const std::vector<Place>& parts)
    : kept_(kept), parts_(parts.size()) {
  PetscSF sf = nullptr;
  LINNET_CHECK(PetscSFCreate(comm, &sf));
  sf_.reset(sf);
  PetscSFNode* nodes = nullptr;
  LINNET_CHECK(PetscMalloc1(parts.size(), &nodes));
  for (std::size_t p = 0; p < parts.size(); ++p) nodes[p] = {parts[p].rank, parts[p].index};
  LINNET_CHECK(PetscSFSetGraph(sf, kept, static_cast<PetscInt>(parts.size()), nullptr,
                               PETSC_COPY_VALUES, nodes, PETSC_OWN_POINTER));
  LINNET_CHECK(PetscSFSetUp(sf));
}

void SharedSums::add(std::vector<double>& parts) const {
  SparseZeros kept(static_cast<std::size_t>(kept_));
  LINNET_CHECK(PetscSFReduceBegin(sf_.get(), MPI_DOUBLE, parts.data(), kept.data(), MPI_SUM));
  LINNET_CHECK(PetscSFReduceEnd(sf_.get(), MPI_DOUBLE, parts.data(), kept.data(), MPI_SUM));
  parts = spread(kept);
}

std::vector<double> SharedSums::spread(const SparseZeros& kept) const {
  std::vector<double> parts(parts_);
  LINNET_CHECK(PetscSFBcastBegin(sf_.get(), MPI_DOUBLE, kept.data(), parts.data(), MPI_REPLACE));
  LINNET_CHECK(PetscSFBcastEnd(sf_.get(), MPI_DOUBLE, kept.data(), parts.data(), MPI_REPLACE));
  return parts;
}

} // namespace linnet::multigrid
