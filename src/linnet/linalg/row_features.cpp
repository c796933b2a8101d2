// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/linalg/row_features.hpp>

#include <linnet/io/vec_array.hpp>

#include <cmath>

namespace linnet::linalg {

namespace {

core::Owned<Vec> vector_like(Vec other) {
  Vec v = nullptr;
  LINNET_CHECK(VecDuplicate(other, &v));
  return core::Owned<Vec>(v);
}

double largest_size(Vec v) {
  PetscReal largest = 0.0;
  LINNET_CHECK(VecNorm(v, NORM_INFINITY, &largest));
  return largest;
}

} // namespace

RowFeatures read_row_features(Mat matrix) {
  Vec v = nullptr;
  PetscInt rows = 0;
  LINNET_CHECK(MatCreateVecs(matrix, nullptr, &v));
  const core::Owned<Vec> diagonal(v);
  const auto ones = vector_like(v), sums = vector_like(v);
  LINNET_CHECK(VecSet(ones.get(), 1.0));
  LINNET_CHECK(MatMult(matrix, ones.get(), sums.get()));
  LINNET_CHECK(MatGetDiagonal(matrix, v));
  const double largest = largest_size(v);
  LINNET_CHECK(VecGetLocalSize(v, &rows));
  RowFeatures features{vector_like(v), vector_like(v)};
  const io::VecReadArray a(v), s(sums.get());
  const io::VecWriteArray logarithm(features.diagonal.get()), sum(features.sum.get());
  for (PetscInt i = 0; i < rows; ++i) {
    const bool is_zero = a.data()[i] == 0.0;
    logarithm.data()[i] = is_zero ? 0.0 : std::log(std::abs(a.data()[i]) / largest);
    sum.data()[i] = is_zero ? 0.0 : s.data()[i] / a.data()[i];
  }
  return features;
}

} // namespace linnet::linalg
