// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A model from field to field on the grid of a matrix or of a DMDA.
#pragma once

#include <linnet/grid/grid_map.hpp>
#include <linnet/grid/redistribution.hpp>
#include <linnet/nn/fields/field_predictor.hpp>

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace linnet::nn {

/// What a network of several channels in and one out makes of Vecs. Its grid is theirs, point by
/// point.
class GridOperator {
public:
  /// @p da: the grid of the rows of @p matrix; @p type begins messages, and @p name is what they
  /// call @p model, which takes @p in channels. Collective, as is apply(). @throws core::Error
  /// (usage) on all ranks where they do not fit together.
  GridOperator(Mat matrix, DM da, const Model& model, int in, const std::string& type,
               const std::string& name);
  /// The same for global vectors of the DMDA @p da.
  GridOperator(DM da, const Model& model, int in, const std::string& type, const std::string& name);

  /// One Vec for each channel that goes in. The result depends on the number of ranks in no bit.
  void apply(std::span<const Vec> channels, Vec result);

  [[nodiscard]] core::Index3 points() const { return map_.partition().points(); }
  /// Ranks that work.
  [[nodiscard]] int workers() const { return predictor_->workers(); }

private:
  void prepare(MPI_Comm comm, const Model& model, int in, const std::string& type,
               const std::string& name);

  grid::GridMap map_;
  std::unique_ptr<FieldPredictor> predictor_;
  std::unique_ptr<grid::Redistribution> move_; ///< from the Vecs' cut
  kernels::Field<double> values_, field_;      ///< on the Vecs' cut, and on the network's
  std::vector<double> input_, output_;
};

} // namespace linnet::nn
