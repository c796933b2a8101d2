// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The inner products of the fields of a solid.
#pragma once

#include <linnet/fem/inner_products.hpp>
#include <linnet/fem/solid_model.hpp>
#include <linnet/linalg/inner_product.hpp>

namespace linnet::rom {

/// Made once for a model and borrowed by every basis, all of which it must outlive.
class SolidProducts {
public:
  /// Assembles one matrix, two for h1. Collective.
  SolidProducts(const fem::SolidModel& model, fem::DisplacementProduct kind);

  [[nodiscard]] fem::DisplacementProduct kind() const { return kind_; }
  /// In which modes of displacement are orthonormal.
  [[nodiscard]] linalg::InnerProduct displacement() const;
  /// L2, by which errors of displacement are measured.
  [[nodiscard]] linalg::InnerProduct mass() const { return {mass_.get(), nullptr}; }
  /// Weights of the points: integral of p q.
  [[nodiscard]] linalg::InnerProduct points() const { return {nullptr, points_.get()}; }
  /// The same for each of six components; shears count once, as stored.
  [[nodiscard]] linalg::InnerProduct tensors() const { return {nullptr, tensors_.get()}; }
  /// Sum of the weights.
  [[nodiscard]] double volume() const { return volume_; }

private:
  fem::DisplacementProduct kind_;
  core::Owned<Mat> mass_, h1_;
  core::Owned<Vec> points_, tensors_;
  double volume_ = 0.0;
};

} // namespace linnet::rom
