// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Distributed orthonormal vectors that grow: modes of a POD and what is appended to them.
#pragma once

#include <linnet/core/owned.hpp>
#include <linnet/linalg/column_store.hpp>
#include <linnet/linalg/inner_product.hpp>

#include <span>
#include <string>
#include <vector>

namespace linnet::linalg {

class OrthonormalBasis {
public:
  /// Copies @p modes, orthonormal in @p product, whose objects are referenced. Collective.
  OrthonormalBasis(Mat modes, const InnerProduct& product);
  OrthonormalBasis(OrthonormalBasis&&) noexcept = default;
  OrthonormalBasis& operator=(OrthonormalBasis&&) noexcept = default;

  [[nodiscard]] PetscInt size() const { return columns_.size(); }
  [[nodiscard]] const ColumnStore& columns() const { return columns_; }
  [[nodiscard]] InnerProduct product() const { return {matrix_.get(), weights_.get()}; }

  /// Appends what of @p v lies outside of the span, normalised: twice Gram-Schmidt (Giraud, Langou
  /// and Rozloznik, Comput. Math. Appl. 50 (2005) 1069). Returns false, and appends nothing, where
  /// the remainder is at most @p tolerance |v|. Older modes keep their bits. Collective. @throws
  /// core::Error (data) on all ranks where v is not finite.
  bool append(Vec v, double tolerance);
  /// Keeps the first @p modes modes.
  void truncate(PetscInt modes) { columns_.truncate(modes); }

  /// Q^T M v on all ranks. Collective.
  [[nodiscard]] std::vector<double> coefficients(Vec v) const;
  /// v = Q c. Logically collective.
  void combine(std::span<const double> c, Vec v) const;
  /// |v - Q Q^T M v| / |v|; 0 for v = 0. Collective.
  [[nodiscard]] double projection_error(Vec v) const;

private:
  void remove_span(Vec v) const;

  ColumnStore columns_;
  core::Owned<Mat> matrix_;
  core::Owned<Vec> weights_;
};

} // namespace linnet::linalg
