// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A network as a direction generator: from the residual of a matrix on a structured grid to a
/// search direction, masked to the fluid.
#pragma once

#include <linnet/core/owned.hpp>
#include <linnet/grid/grid_map.hpp>
#include <linnet/grid/redistribution.hpp>
#include <linnet/krylov/direction_map.hpp>
#include <linnet/nn/network/model.hpp>
#include <linnet/nn/network/network.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace linnet::krylov {

/// d = |r| f(r / |r|) with a network f in single precision, on the grid of a matrix.
///
/// The network works on the box of nn::working_cut(): the whole grid, rounded up where it pools
/// points. Points beyond the grid, and those whose row of the
/// matrix has no nonzero off the diagonal (solid cells, held values), have residual 0, and
/// direction exactly 0. All other points are fluid. For one norm the direction depends on the
/// number of ranks in no bit; ranks that would get too little of a small grid stay idle.
///
/// A network with images gets them from the matrix: a point that is not fluid counts as air, which
/// holds a value, where it has fluid neighbours across its faces and the diagonal of each of their
/// rows exceeds the sum of the others' absolute values; otherwise as solid. Within a box of held
/// cells only the layer at the fluid can be told from solid; a reaction looks like air. One with
/// features of the rows gets those of linalg/row_features.hpp, zero where there is no fluid.
class DirectionNetwork final : public DirectionMap {
public:
  /// The grid of @p da or, where that is null, @p declared; @p model must outlive the object, and
  /// @p name is what messages call it. Collective. @throws core::Error on all ranks.
  DirectionNetwork(Mat matrix, DM da, const grid::DeclaredGrid& declared, const nn::Model& model,
                   const std::string& name);
  ~DirectionNetwork() override;

  void update(Mat matrix) override;
  void apply(Vec r, double norm, bool odd, Vec d) override;
  void view(PetscViewer viewer) const override;

private:
  [[nodiscard]] core::Index3 points() const { return map_.partition().points(); }
  void check_grid(const std::string& name) const;
  void make_network();
  void bring(Vec x, double factor);
  void view_images(Vec excess);
  void view_rows(Mat matrix);
  void evaluate(float sign, float weight, bool add);

  const nn::Model& model_;
  grid::GridMap map_;
  core::Index3 box_{};
  int ranks_ = 1;
  std::int64_t masked_ = 0;
  core::OwnedComm comm_; ///< of the ranks that work, where others do not
  std::unique_ptr<nn::Domain> domain_;
  std::unique_ptr<nn::Network<float>> network_;
  std::unique_ptr<grid::Redistribution> move_;         ///< from the matrix' cut; null: the same
  kernels::Field<float> values_;                       ///< on the matrix' cut
  kernels::Field<float> residual_, direction_, fluid_; ///< on the network's cut
  kernels::Tensor<float> view_;           ///< the second input; no channels: there is none
  bool coefficients_are_current_ = false; ///< of the network, for this view
};

} // namespace linnet::krylov
