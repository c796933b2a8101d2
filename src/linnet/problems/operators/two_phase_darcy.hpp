// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Samples of Darcy flow through two phases on the unit square, the benchmark of neural operators.
///
/// a = high where a Gaussian random field is at least 0, else low. The field has the covariance
/// (-Laplace + tau^2)^-alpha and natural conditions (problems/random/random_field.hpp) and is taken
/// at the nodes.
///
/// The sets as published (Li et al., ICLR 2021, arXiv 2010.08895) were made in a slightly different
/// way: there the field lies at cell centres, splines take the coefficient to nodes and the
/// solution back, so that its boundary values are small and not zero.
#pragma once

#include <linnet/problems/operators/darcy_sampler.hpp>

namespace linnet::problems {

/// The defaults are those of the set "smooth" of the Fourier neural operator.
struct TwoPhaseDarcyOptions {
  int nodes = 421; ///< per direction, boundary included
  int stride = 2;  ///< every how many-th node is kept
  double low = 3.0;
  double high = 12.0;
  double alpha = 2.0; ///< exponent of the covariance
  double tau = 3.0;   ///< inverse length
  std::uint64_t seed = 0;
};

/// The set "rough" of Liu, Xu and Zhang, arXiv 2210.10890: 512 nodes, every second kept, 2 and 12,
/// tau^2 = 20.
TwoPhaseDarcyOptions rough_darcy();

class TwoPhaseDarcy final : public DarcySampler {
public:
  /// @throws core::Error (usage) for options out of their range.
  explicit TwoPhaseDarcy(const TwoPhaseDarcyOptions& options);
  [[nodiscard]] std::string recipe() const override;
  [[nodiscard]] std::vector<double> coefficient(std::uint64_t number) const override;

private:
  TwoPhaseDarcyOptions options_;
  core::Owned<DM> grid_; ///< of all nodes
};

} // namespace linnet::problems
