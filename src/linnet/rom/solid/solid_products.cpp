// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/solid_products.hpp>

#include <linnet/fem/support/vec_views.hpp>
#include <linnet/io/vec_array.hpp>

#include <algorithm>

namespace linnet::rom {

namespace {

/// Each weight @p times times, side by side.
core::Owned<Vec> repeated_weights(const fem::SolidModel& model, PetscInt times) {
  Vec raw = nullptr;
  LINNET_CHECK(VecCreateMPI(model.mesh().comm(), model.points() * times, PETSC_DETERMINE, &raw));
  core::Owned<Vec> result(raw);
  const kernels::HostArray<double> weights = fem::host_copy(model.weights());
  const io::VecWriteArray to(raw);
  for (PetscInt i = 0; i < model.points(); ++i)
    std::fill_n(to.data() + i * times, times, weights(static_cast<std::size_t>(i)));
  return result;
}

} // namespace

SolidProducts::SolidProducts(const fem::SolidModel& model, fem::DisplacementProduct kind)
    : kind_(kind), mass_(fem::displacement_product(model.mesh(), fem::DisplacementProduct::l2)),
      points_(repeated_weights(model, 1)), tensors_(repeated_weights(model, 6)) {
  if (kind == fem::DisplacementProduct::h1) h1_ = fem::displacement_product(model.mesh(), kind);
  PetscScalar sum = 0.0;
  LINNET_CHECK(VecSum(points_.get(), &sum));
  volume_ = sum;
}

linalg::InnerProduct SolidProducts::displacement() const {
  return {h1_ ? h1_.get() : mass_.get(), nullptr};
}

} // namespace linnet::rom
