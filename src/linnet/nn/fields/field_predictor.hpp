// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A trained network from field to field, applied by all ranks together.
#pragma once

#include <linnet/core/owned.hpp>
#include <linnet/nn/network/field_network.hpp>

#include <memory>
#include <span>
#include <vector>

namespace linnet::nn {

/// A model on a grid that is cut over the ranks of a communicator. Where the coarsest grid of the
/// network has not points enough for all of them, those behind the first ones have an empty box and
/// nothing to do. Results depend on the number of ranks in no bit.
class FieldPredictor {
public:
  /// Keeps a copy of @p model. Collective, as is apply(). @throws core::Error (usage) on all ranks
  /// where graph, normalisation and grid do not fit together.
  FieldPredictor(MPI_Comm comm, const Model& model, const core::Index3& points);

  /// The points of every rank, and of this one.
  [[nodiscard]] const std::vector<grid::IndexBox>& boxes() const { return boxes_; }
  [[nodiscard]] const grid::IndexBox& box() const { return box_; }
  /// Ranks that have any.
  [[nodiscard]] int workers() const { return workers_; }
  [[nodiscard]] int in() const { return in_; } ///< channels
  [[nodiscard]] int out() const { return out_; }

  /// What the network makes of @p input, channels behind each other, x fastest in each, on box().
  void apply(std::span<const double> input, std::span<double> output);

private:
  Model model_;
  std::vector<grid::IndexBox> boxes_;
  grid::IndexBox box_;
  int workers_ = 1, in_ = 1, out_ = 1;
  core::OwnedComm comm_; ///< of the workers, where not all ranks are
  std::unique_ptr<FieldNetwork<float>> network_;
};

} // namespace linnet::nn
