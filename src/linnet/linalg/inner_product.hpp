// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The inner product that lengths and angles of distributed vectors are measured by: x^T y,
/// x^T diag(w) y, or x^T M y.
#pragma once

#include <linnet/core/owned.hpp>

#include <vector>

namespace linnet::linalg {

/// A choice of one of the three; both objects are borrowed and must outlive the users.
struct InnerProduct {
  Mat matrix = nullptr;  ///< M, symmetric positive definite, with the rows of the vectors
  Vec weights = nullptr; ///< diag(w), all above 0, with the rows of the vectors

  [[nodiscard]] bool is_euclidean() const { return !matrix && !weights; }
};

/// X^T M Y by columns, on all ranks, for dense @p x and @p y with the same rows: products of this
/// rank's rows by BLAS and one sum over the ranks. M is applied to a few columns of Y at a time.
/// Collective. @throws core::Error (usage) on all ranks where both fields are set or sizes differ.
std::vector<double> inner_products(const InnerProduct& product, Mat x, Mat y);

/// The root of v^T M v. Collective.
double norm(const InnerProduct& product, Vec v);

/// A new vector M v. Collective.
core::Owned<Vec> weighted(const InnerProduct& product, Vec v);

/// sqrt(w) of this rank's rows. @throws core::Error (usage) on all ranks where a weight is not
/// above 0 or not finite. Collective.
std::vector<double> roots_of_weights(Vec weights);

} // namespace linnet::linalg
