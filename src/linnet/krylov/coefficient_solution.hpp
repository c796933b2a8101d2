// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A model from field to field on the grid of a matrix.
#pragma once

#include <linnet/grid/grid_map.hpp>
#include <linnet/grid/redistribution.hpp>
#include <linnet/nn/field_predictor.hpp>

#include <memory>
#include <string>
#include <vector>

namespace linnet::krylov {

/// What a network of one channel in and one out makes of a coefficient. Its grid is that of the
/// matrix, point by point.
class CoefficientSolution {
public:
  /// @p da: the grid of the rows of @p matrix; @p name is what messages call @p model. Collective,
  /// as is apply(). @throws core::Error on all ranks where they do not fit together.
  CoefficientSolution(Mat matrix, DM da, const nn::Model& model, const std::string& name);

  /// Vecs with the layout of the matrix.
  void apply(Vec coefficient, Vec solution);

private:
  grid::GridMap map_;
  std::unique_ptr<nn::FieldPredictor> predictor_;
  std::unique_ptr<grid::Redistribution> move_; ///< from the matrix' cut
  kernels::Field<double> values_, field_;      ///< on the matrix' cut, and on the network's
  std::vector<double> input_, output_;
};

} // namespace linnet::krylov
