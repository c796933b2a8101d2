// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Training of a network that makes search directions for one matrix on a grid.
#pragma once

#include <linnet/nn/direction_loss.hpp>
#include <linnet/nn/network.hpp>
#include <linnet/nn/sample_file.hpp>
#include <linnet/nn/training_task.hpp>

#include <vector>

namespace linnet::nn {

/// Names of the fields of its sample file.
inline constexpr const char* rhs_field = "right_hand_side";
inline constexpr const char* solution_field = "solution";

/// A network of directions takes a residual and gives a direction, both of one channel on the
/// finest grid. @throws core::Error (data) beginning with @p name.
void require_direction_signature(const ResolvedGraph& graph, const std::string& name);

class DirectionTask : public TrainingTask {
public:
  /// @p A: on PETSC_COMM_SELF, in natural numbering of the points of the file @p samples; a
  /// reference is kept. Rows without off-diagonal entries have no unknown: directions are zero
  /// there.
  /// @throws core::Error when file, matrix and graph do not fit together.
  DirectionTask(const ResolvedGraph& graph, Mat A, DirectionLossType loss,
                const std::string& samples);
  [[nodiscard]] const ResolvedGraph& graph() const override { return network_.graph(); }
  [[nodiscard]] std::int64_t samples() const override { return reader_.layout().samples; }
  double evaluate(std::int64_t sample, const kernels::Array<float>& parameters,
                  const kernels::Array<float>* gradient) override;
  [[nodiscard]] double flops() const override;

  [[nodiscard]] std::size_t arena_bytes() const { return network_.arena_bytes(); }
  [[nodiscard]] std::size_t least_bytes() const { return network_.least_bytes(); }

private:
  void read(const char* field, std::int64_t sample, Vec values) const;
  void to_tensor(Vec values, const kernels::Tensor<float>& t) const;
  void from_tensor(const kernels::Tensor<float>& t, Vec values) const;

  SampleReader reader_;
  Domain domain_;
  Network<float> network_;
  DirectionLoss loss_;
  std::vector<bool> has_unknown_; ///< by row
  core::Owned<Vec> b_, e_, d_, gradient_;
};

} // namespace linnet::nn
