// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Diffusion problems with random coefficients: what the interpolation of black-box multigrid is
/// trained and judged on.
#pragma once

#include <linnet/core/options.hpp>
#include <linnet/core/owned.hpp>
#include <linnet/kernels/stencil/stencil.hpp>
#include <linnet/problems/diffusion/diffusion.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace app {

/// What media are drawn from.
struct MediaOptions {
  int dim = 2;
  linnet::core::Index3 cells{32, 32, 1};
  std::vector<std::string> kinds; ///< white_noise and kinds of problems/diffusion/medium.hpp
  double most_contrast = 1e6;     ///< drawn between 10 and this, uniform in its logarithm
  std::uint64_t seed = 0;
};

/// From the options -train_*. @throws core::Error (usage) naming the option.
MediaOptions media_options(const linnet::core::Options& options);

/// A box with walls of fixed value or without flux, on this rank alone.
class RandomMedium {
public:
  /// Kind, contrast, grain, walls and coefficients are drawn by the seed and @p number.
  RandomMedium(const MediaOptions& options, std::int64_t number);

  [[nodiscard]] DM grid() const { return grid_.get(); }
  [[nodiscard]] const std::string& kind() const { return kind_; }
  [[nodiscard]] double contrast() const { return contrast_; }
  /// A new matrix of type "stencil"; the caller destroys it.
  [[nodiscard]] linnet::core::Owned<Mat> matrix() const;
  /// Its operator.
  [[nodiscard]] linnet::kernels::StencilOperator<double> stencil() const;

private:
  linnet::core::Owned<DM> grid_;
  std::string kind_;
  double contrast_ = 1.0;
  std::unique_ptr<linnet::problems::DiffusionSystem> system_;
};

} // namespace app
