// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A field of several channels in its three places: the boxes of the ranks that predict, the whole
/// of it on the first rank, and Vecs for output.
#pragma once

#include <linnet/grid/field_gather.hpp>

#include <petscdmda.h>

#include <memory>
#include <span>
#include <type_traits>
#include <vector>

namespace app {

/// Values are doubles, channels behind each other, x fastest in each. All calls are collective.
class FieldParts {
public:
  /// @p box: of this rank, part of a grid of @p points; may be empty.
  FieldParts(MPI_Comm comm, const linnet::core::Index3& points, const linnet::grid::IndexBox& box);

  [[nodiscard]] const linnet::core::Index3& points() const { return points_; }
  [[nodiscard]] const linnet::grid::IndexBox& box() const { return box_; }

  /// From the boxes to the first rank; nothing on others.
  std::vector<double> gather(std::span<const double> mine, int channels);
  /// From the first rank, where @p whole is, to the boxes.
  std::vector<double> scatter(std::span<const double> whole, int channels);
  /// From the boxes to a Vec of a DMDA of all points with an unknown for each channel.
  linnet::core::Owned<Vec> to_vec(std::span<const double> mine, int channels);

private:
  struct ScatterDeleter {
    void operator()(VecScatter scatter) const { static_cast<void>(VecScatterDestroy(&scatter)); }
  };
  using Scatter = std::unique_ptr<std::remove_pointer_t<VecScatter>, ScatterDeleter>;
  void put(std::span<const double> mine, int channel);

  linnet::core::Index3 points_;
  linnet::grid::IndexBox box_;
  linnet::core::Owned<DM> grid_;
  linnet::core::Owned<Vec> natural_, mine_; ///< one channel
  Scatter to_mine_;
  linnet::grid::FieldGather gather_;
};

} // namespace app
