// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Iterations with a trained interpolation and with that of black-box multigrid, on media that
/// training has not seen.
#pragma once

#include "random_medium.hpp"

#include <linnet/multigrid/interpolation_weights.hpp>

#include <mpi.h>

namespace app {

/// Medium by medium; iterations of CG to 1e-8.
struct HeldOutMedia {
  std::vector<double> kind; ///< its number among MediaOptions::kinds
  std::vector<double> contrast;
  std::vector<double> black_box, trained;
  std::vector<double> guarded; ///< with -pc_mgno_fallback
  std::vector<double> active;  ///< 1 where it keeps the network, else 0

  /// Most iterations more than black-box.
  [[nodiscard]] int worst(const std::vector<double>& iterations) const;
  /// Median of the ratios of iterations, black-box over guarded, of the media of a kind.
  [[nodiscard]] double median_gain(int of_kind) const;
  /// The part of the media of a kind where the network is kept.
  [[nodiscard]] double active_part(int of_kind) const;
  /// With the fallback nowhere more than one iteration more.
  [[nodiscard]] bool is_safe() const { return worst(guarded) <= 1; }
};

/// @p count media, numbers @p first and on, dealt out to the ranks of @p comm, each with @p scale
/// times the cells of @p media per direction. Collective; the same on any number of ranks.
HeldOutMedia judge_interpolation(MPI_Comm comm, const MediaOptions& media, std::int64_t first,
                                 int count, int scale,
                                 const linnet::multigrid::InterpolationWeights& weights);

} // namespace app
