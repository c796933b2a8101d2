// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Learning rates that depend on the operator: what Sun, Zhang and Schaeffer (arXiv 2408.16168,
/// LeMONS) give the inner steps of meta-learning, here from the coefficients of an equation rather
/// than from its symbols.
#pragma once

#include <linnet/nn/deeponet/deeponet.hpp>

#include <memory>
#include <span>
#include <vector>

namespace linnet::nn {

struct RateNetworkOptions {
  int code_size = 0;         ///< numbers that tell an operator
  std::vector<double> codes; ///< (operator, number)
  std::vector<int> hidden{32, 32};
  double largest = 1.0; ///< of the rates
};

/// rate = largest / (1 + exp(-m(code))) with a network m of dense layers and GELU. Not collective.
class RateNetwork {
public:
  /// @throws core::Error (usage) for codes that are none.
  explicit RateNetwork(const RateNetworkOptions& options);

  [[nodiscard]] const ResolvedGraph& graph() const { return graph_; }
  [[nodiscard]] std::int64_t operators() const;
  [[nodiscard]] double largest() const { return options_.largest; }
  /// Of operator number @p number.
  double rate(std::int64_t number, const kernels::Array<float>& parameters);
  /// Adds to @p gradient the derivative of what has @p derivative by the rate that rate() has given
  /// last.
  void add_gradient(double derivative, const kernels::Array<float>& parameters,
                    const kernels::Array<float>& gradient);

private:
  RateNetworkOptions options_;
  ResolvedGraph graph_;
  std::unique_ptr<BatchNetwork<float>> network_;
  double part_ = 0.0; ///< the last rate over the largest one
};

/// The rate for one operator with the numbers @p code, by a network of a model file that
/// save_rates() has made. Collective; @throws core::Error (data) on all ranks for another model.
double rate_of_model(MPI_Comm comm, const std::string& path, std::span<const double> code);

/// The network with @p parameters as a model, for rate_of_model().
Model rate_model(const RateNetwork& network, const kernels::Array<float>& parameters);

} // namespace linnet::nn
