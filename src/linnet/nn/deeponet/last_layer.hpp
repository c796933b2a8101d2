// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The last layer of a DeepONet's branch by linear least squares: with everything else as it is,
/// the network is linear in this layer, and the best one for given samples is known.
#pragma once

#include <linnet/nn/deeponet/deeponet.hpp>
#include <linnet/nn/deeponet/operator_data.hpp>

#include <mpi.h>

namespace linnet::nn {

/// Unknowns of one output that normal equations of triples may have.
inline constexpr int most_least_squares_unknowns = 8192;

/// With h the inputs of the layer and a 1 behind them, and t the trunk, an output is a bias plus
/// the sum of C_jk h_j t_k. Of triples the products h_j t_k make up one row each; of Cartesian data
/// the normal matrix is the Kronecker product of H^T H and T^T T, whose eigen-decompositions solve
/// it. All in double precision; samples are dealt to ranks in parts, which are summed in a fixed
/// order: the same bits on any number of ranks.
class LastLayer {
public:
  /// @p data must outlive it. @throws core::Error (usage) for a branch whose result is not a dense
  /// layer, possibly times the size of the input, or for triples with more unknowns than
  /// most_least_squares_unknowns.
  LastLayer(const ResolvedGraph& graph, const OperatorData& data,
            const Normalisation& normalisation);

  /// Gives @p parameters the layer that fits the first @p samples samples best by the sum of
  /// squared errors plus a ridge: @p ridge times the mean diagonal element of the normal matrix.
  /// Collective; @throws core::Error (not_converged) on all ranks where the equations have no
  /// solution in double precision.
  void fit(MPI_Comm comm, std::int64_t samples, double ridge,
           const kernels::Array<float>& parameters);

private:
  struct Features;
  [[nodiscard]] int unknowns() const { return (width_ + 1) * parts_.basis; }
  [[nodiscard]] double target(std::int64_t sample, int output, int point,
                              const kernels::Array<float>& parameters) const;
  [[nodiscard]] double scale(int output, int point) const;
  void features(Features& f, std::int64_t first, std::int64_t count) const;
  void trunk(Features& f, std::int64_t first_point, std::int64_t count) const;
  template <class Tile>
  static void for_tiles(std::int64_t part, std::int64_t samples, std::int64_t at_once,
                        const Tile& tile);
  std::vector<double> fit_triples(MPI_Comm comm, std::int64_t samples, int output, double ridge,
                                  const kernels::Array<float>& parameters);
  std::vector<double> fit_cartesian(MPI_Comm comm, std::int64_t samples, int output, double ridge,
                                    const kernels::Array<float>& parameters);
  void store(int output, const std::vector<double>& solution,
             const kernels::Array<float>& parameters) const;

  const OperatorData& data_;
  DeepONetParts parts_;
  ResolvedGraph features_;              ///< the branch up to the inputs of its last layer
  std::optional<ResolvedGraph> factor_; ///< what the layer is multiplied by
  std::size_t weights_ = 0;             ///< offsets of the layer
  std::optional<std::size_t> bias_;
  int width_ = 0;                     ///< inputs of the layer
  std::vector<float> encoded_;        ///< (sample, sensor)
  std::vector<double> scale_, shift_; ///< of outputs, at each point or not
  bool by_point_ = false;
};

} // namespace linnet::nn
