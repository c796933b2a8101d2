// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/linalg/orthonormal_basis.hpp>

#include <linnet/io/vec_array.hpp>
#include <linnet/linalg/dense_columns.hpp>
#include <linnet/linalg/gemm.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::linalg {

namespace {

/// A remainder below this part of a vector is its rounding.
constexpr double rounding = 1e-13;

} // namespace

OrthonormalBasis::OrthonormalBasis(Mat modes, const InnerProduct& product) : columns_(modes) {
  if (product.matrix) {
    LINNET_CHECK(PetscObjectReference(reinterpret_cast<PetscObject>(product.matrix)));
    matrix_.reset(product.matrix);
  }
  if (product.weights) {
    LINNET_CHECK(PetscObjectReference(reinterpret_cast<PetscObject>(product.weights)));
    weights_.reset(product.weights);
  }
}

std::vector<double> OrthonormalBasis::coefficients(Vec v) const {
  std::vector<double> sums(static_cast<std::size_t>(size()), 0.0);
  const core::Owned<Vec> image = weighted(product(), v);
  const io::VecReadArray values(image.get());
  const PetscInt rows = columns_.local_rows();
  if (rows > 0 && size() > 0)
    gemm('T', 'N', size(), 1, rows, 1.0, columns_.column(0).data(), rows, values.data(), rows, 0.0,
         sums.data(), size());
  sum_over_ranks(columns_.comm(), sums);
  return sums;
}

void OrthonormalBasis::combine(std::span<const double> c, Vec v) const {
  if (c.size() != static_cast<std::size_t>(size()))
    core::throw_usage("orthonormal basis: " + std::to_string(c.size()) +
                      " coefficients were given for " + std::to_string(size()) + " modes");
  const io::VecWriteArray to(v);
  const PetscInt rows = columns_.local_rows();
  std::fill_n(to.data(), rows, 0.0);
  if (rows > 0 && size() > 0)
    gemm('N', 'N', rows, 1, size(), 1.0, columns_.column(0).data(), rows, c.data(), size(), 0.0,
         to.data(), rows);
}

void OrthonormalBasis::remove_span(Vec v) const {
  Vec inside = nullptr;
  LINNET_CHECK(VecDuplicate(v, &inside));
  const core::Owned<Vec> owner(inside);
  combine(coefficients(v), inside);
  LINNET_CHECK(VecAXPY(v, -1.0, inside));
}

bool OrthonormalBasis::append(Vec v, double tolerance) {
  Vec copy = nullptr;
  LINNET_CHECK(VecDuplicate(v, &copy));
  const core::Owned<Vec> owner(copy);
  LINNET_CHECK(VecCopy(v, copy));
  const double length = norm(product(), copy);
  if (!std::isfinite(length))
    core::throw_data("orthonormal basis: a vector that is to be appended is not finite");
  // The second pass takes out what the first one left of rounding of v.
  remove_span(copy);
  remove_span(copy);
  const double rest = norm(product(), copy);
  if (!(rest > std::max(tolerance, rounding) * length)) return false;
  LINNET_CHECK(VecScale(copy, 1.0 / rest));
  // Where little of v is left, its rounding has grown with the scaling.
  remove_span(copy);
  LINNET_CHECK(VecScale(copy, 1.0 / norm(product(), copy)));
  columns_.append(copy);
  return true;
}

double OrthonormalBasis::projection_error(Vec v) const {
  Vec copy = nullptr;
  LINNET_CHECK(VecDuplicate(v, &copy));
  const core::Owned<Vec> owner(copy);
  LINNET_CHECK(VecCopy(v, copy));
  const double length = norm(product(), copy);
  if (length == 0.0) return 0.0;
  remove_span(copy);
  remove_span(copy);
  return norm(product(), copy) / length;
}

} // namespace linnet::linalg
