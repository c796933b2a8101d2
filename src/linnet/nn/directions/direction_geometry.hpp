// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A matrix that directions are learned for: which of its rows have an unknown, and what a network
/// sees of it.
#pragma once

#include <linnet/core/owned.hpp>
#include <linnet/nn/directions/direction_graph.hpp>

#include <petscmat.h>

#include <vector>

namespace linnet::nn {

/// Vecs in natural numbering on one rank, and tensors of a domain that may have more points behind
/// those of the grid. Points without an unknown are zero in both.
class DirectionGeometry {
public:
  /// @p A: on PETSC_COMM_SELF, one row for each of @p points; a reference is kept. @p domain: of
  /// one rank, lives through the call; @p view: what the network sees. @throws core::Error (data)
  /// for another number of rows.
  DirectionGeometry(Mat A, const core::Index3& points, Domain& domain, MatrixView view);

  [[nodiscard]] Mat matrix() const { return matrix_.get(); }
  /// The second input of the network, without ghosts; no channels: there is none.
  [[nodiscard]] const kernels::Tensor<float>& view() const { return view_; }
  void to_tensor(Vec values, const kernels::Tensor<float>& t) const;
  void from_tensor(const kernels::Tensor<float>& t, Vec values) const;

private:
  void view_images(Domain& domain, Vec excess);
  void view_rows(Domain& domain);

  core::Owned<Mat> matrix_;
  core::Index3 points_;
  std::vector<bool> has_unknown_; ///< by row
  kernels::Tensor<float> view_;
};

} // namespace linnet::nn
