// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Training of a network that makes search directions for matrices on a grid.
#pragma once

#include <linnet/nn/direction_graph.hpp>
#include <linnet/nn/direction_loss.hpp>
#include <linnet/nn/network.hpp>
#include <linnet/nn/sample_file.hpp>
#include <linnet/nn/training_task.hpp>

#include <vector>

namespace linnet::nn {

/// Names of the fields of its sample file.
inline constexpr const char* rhs_field = "right_hand_side";
inline constexpr const char* solution_field = "solution";

class DirectionTask : public TrainingTask {
public:
  /// @p matrices: one for each geometry of the file @p samples, on PETSC_COMM_SELF, in natural
  /// numbering of its points; references are kept. Rows without off-diagonal entries have no
  /// unknown: directions are zero there. A graph with images gets those of the sample's matrix.
  /// @throws core::Error when file, matrices and graph do not fit together.
  DirectionTask(const ResolvedGraph& graph, const std::vector<Mat>& matrices,
                DirectionLossType loss, const std::string& samples);
  [[nodiscard]] const ResolvedGraph& graph() const override { return network_.graph(); }
  [[nodiscard]] std::int64_t samples() const override { return reader_.layout().samples; }
  double evaluate(std::int64_t sample, const kernels::Array<float>& parameters,
                  const kernels::Array<float>* gradient) override;
  [[nodiscard]] double flops() const override;

  [[nodiscard]] std::size_t arena_bytes() const { return network_.arena_bytes(); }
  [[nodiscard]] std::size_t least_bytes() const { return network_.least_bytes(); }

private:
  /// What the samples of one matrix share.
  struct Geometry {
    core::Owned<Mat> matrix;
    std::vector<bool> has_unknown;  ///< by row
    kernels::Tensor<float> images; ///< where the graph reads them
  };
  [[nodiscard]] Geometry make_geometry(Mat A);
  void make_images(Geometry& geometry, Vec excess);
  void read(const char* field, std::int64_t sample, Vec values) const;
  void to_tensor(const Geometry& geometry, Vec values, const kernels::Tensor<float>& t) const;
  void from_tensor(const Geometry& geometry, const kernels::Tensor<float>& t, Vec values) const;

  SampleReader reader_;
  Domain domain_;
  Network<float> network_;
  DirectionLoss loss_;
  std::vector<Geometry> geometries_;
  core::Owned<Vec> b_, e_, d_, gradient_;
};

} // namespace linnet::nn
