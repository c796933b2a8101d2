// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Training of a network that makes search directions for matrices on a grid.
#pragma once

#include <linnet/nn/directions/direction_loss.hpp>
#include <linnet/nn/directions/direction_solver.hpp>
#include <linnet/nn/network/network.hpp>
#include <linnet/nn/training/sample_file.hpp>
#include <linnet/nn/training/training_task.hpp>

#include <memory>
#include <string>
#include <vector>

namespace linnet::nn {

/// The field of its sample file beside solution_field.
inline constexpr const char* rhs_field = "right_hand_side";

/// Refuses a grid of @p points that @p graph cannot work on: parameters for another grid, too few
/// points for its levels or its padding. Applies the network once. Kokkos must be up. Not
/// collective. @throws core::Error.
void require_working_grid(const ResolvedGraph& graph, const core::Index3& points);

struct DirectionTaskOptions {
  DirectionLossType loss = DirectionLossType::line_search;
  /// The loss of a sample is that of the residual that the solver with the network as it is comes
  /// to from there in 0 to so many steps; how many follows from seed and number of the sample. The
  /// gradient takes that residual as given.
  PetscInt solver_steps = 0;
  std::uint64_t seed = 0;
};

class DirectionTask : public TrainingTask {
public:
  /// @p matrices: one for each geometry of the file @p samples, on PETSC_COMM_SELF, in natural
  /// numbering of its points; references are kept. Rows without off-diagonal entries have no
  /// unknown: directions are zero there. A graph with a MatrixView gets that of the sample's
  /// matrix.
  /// @throws core::Error when file, matrices and graph do not fit together.
  DirectionTask(const ResolvedGraph& graph, const std::vector<Mat>& matrices,
                const DirectionTaskOptions& options, const std::string& samples);
  [[nodiscard]] const ResolvedGraph& graph() const override { return network_.graph(); }
  [[nodiscard]] std::int64_t samples() const override { return reader_.layout().samples; }
  double evaluate(std::int64_t sample, const kernels::Array<float>& parameters,
                  const kernels::Array<float>* gradient) override;
  [[nodiscard]] double flops() const override;

  /// Of the network and of that in the solver.
  [[nodiscard]] std::size_t arena_bytes() const override {
    return network_.arena_bytes() + (solver_ ? solver_->arena_bytes() : 0);
  }
  [[nodiscard]] std::size_t least_bytes() const override {
    return network_.least_bytes() + (solver_ ? solver_->least_bytes() : 0);
  }

private:
  void read(const char* field, std::int64_t sample, Vec values) const;
  void advance(const DirectionGeometry& geometry, const kernels::Array<float>& parameters,
               PetscInt steps);
  [[nodiscard]] double passes(bool is_constant) const;
  [[nodiscard]] PetscInt steps_of(std::int64_t sample) const;

  DirectionTaskOptions options_;
  SampleReader reader_;
  Domain domain_;
  Network<float> network_;
  DirectionLoss loss_;
  std::unique_ptr<DirectionSolver> solver_; ///< null: no steps
  std::vector<DirectionGeometry> geometries_;
  core::Owned<Vec> b_, e_, d_, gradient_;
};

} // namespace linnet::nn
