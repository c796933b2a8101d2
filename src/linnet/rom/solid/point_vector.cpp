// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/point_vector.hpp>

#include <linnet/io/vec_array.hpp>

#include <algorithm>

namespace linnet::rom {

core::Owned<Vec> vector_of(MPI_Comm comm, std::span<const double> values) {
  Vec raw = nullptr;
  LINNET_CHECK(VecCreateMPI(comm, static_cast<PetscInt>(values.size()), PETSC_DETERMINE, &raw));
  core::Owned<Vec> v(raw);
  std::copy(values.begin(), values.end(), io::VecWriteArray(raw).data());
  return v;
}

core::Owned<Vec> difference_of(MPI_Comm comm, std::span<const double> a,
                               std::span<const double> b) {
  core::Owned<Vec> v = vector_of(comm, a);
  {
    PetscScalar* values = nullptr;
    LINNET_CHECK(VecGetArray(v.get(), &values));
    for (std::size_t i = 0; i < b.size(); ++i) values[i] -= b[i];
    LINNET_CHECK(VecRestoreArray(v.get(), &values));
  }
  return v;
}

} // namespace linnet::rom
