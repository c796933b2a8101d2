// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A DeepONet, trained from the right-hand side of a PDE, or its coefficient and that, to the
/// solution, as a direction generator (HINTS, Zhang et al., Nat. Mach. Intell. 6 (2024), arXiv
/// 2208.13273; direct preconditioning of Kopanicakova and Karniadakis, SIAM J. Sci. Comput. 47
/// (2025) C151).
#pragma once

#include <linnet/krylov/direction_map.hpp>
#include <linnet/krylov/sensor_transfer.hpp>
#include <linnet/nn/deeponet/deeponet.hpp>

#include <memory>
#include <string>
#include <vector>

namespace linnet::krylov {

struct OperatorDirectionOptions {
  grid::GridPoints points = grid::GridPoints::cell_centers; ///< of the grid of the matrix
  core::Index3 sensors{0, 0, 0}; ///< nodes of the training grid; 0: as many in every direction
  /// Whom messages speak of, and how the options begin that they name.
  std::string owner = "neural", stem = "-pc_neural_";
};

/// Of the residual r, rows of which are integrals over the cells of a grid of the unit box, the
/// function f = r / volume at the sensors of the network, of root mean square s; the direction at
/// the unknowns is d = s G(k, f / s), or s G(f / s), so that G sees functions of the size it was
/// trained with. The trunk at the unknowns is computed once.
///
/// k is the Vec that the matrix carries under coefficient_key (krylov/guess_operator.hpp), at the
/// sensors. A direction depends on the number of ranks in no bit.
class OperatorDirection final : public DirectionMap {
public:
  /// The grid of @p da or, where that is null, @p declared; @p name is what messages call
  /// @p model. Collective. @throws core::Error on all ranks where they do not fit together.
  OperatorDirection(Mat matrix, DM da, const grid::DeclaredGrid& declared, const nn::Model& model,
                    const std::string& name, const OperatorDirectionOptions& options);

  void update(Mat matrix) override;
  void apply(Vec r, double norm, bool odd, Vec d) override;
  void view(PetscViewer viewer) const override;

private:
  void check(const nn::Model& model) const;
  void place_sensors(core::Index3 wanted);
  void find_coefficients(double sign, double weight, bool add);
  void combine(double factor, double shift, Vec d) const;

  std::string name_, owner_, stem_;
  grid::GridMap map_;
  nn::DeepONet network_;
  int parameters_;
  core::Index3 sensors_{};
  bool has_coefficient_ = false;
  double volume_ = 1.0;
  std::unique_ptr<SensorTransfer> residual_, coefficient_;
  std::vector<float> trunk_; ///< (basis function, row of this rank)
  std::vector<bool> fluid_;
  std::int64_t masked_ = 0;
  std::vector<double> function_;     ///< f / s at the sensors
  std::vector<double> input_;        ///< of the branch
  std::vector<double> output_, sum_; ///< coefficients of the basis
};

} // namespace linnet::krylov
