// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// How a Vec lies in a dataset: natural order for DMDA vectors, global order for all others.
#pragma once

#include <linnet/core/petsc.hpp>
#include <linnet/io/h5_file.hpp>

namespace linnet::io {

/// Shape of the whole dataset and the part of it that this rank owns, in the order of its array.
struct VecLayout {
  int dim = 0; ///< of the DMDA; 0 for a plain Vec
  int dof = 1;
  Shape shape; ///< without the component index
  Slab slab;   ///< same
  /// With the component index, if there is more than one.
  [[nodiscard]] Shape full_shape() const;
  [[nodiscard]] Slab full_slab() const;
};

/// Not collective.
VecLayout layout_of(Vec vec);

/// Calls visit(index in the rank's array, place in the dataset) for every number that this rank
/// owns. Places do not depend on the distribution over ranks.
template <class Visit>
void visit_places(const VecLayout& layout, Visit&& visit) {
  const Shape shape = layout.full_shape();
  const Slab slab = layout.full_slab();
  const std::int64_t n = slab.size();
  for (std::int64_t i = 0; i < n; ++i) {
    std::uint64_t place = 0, stride = 1;
    std::int64_t rest = i;
    for (std::size_t d = shape.size(); d-- > 0;) {
      place += stride * static_cast<std::uint64_t>(slab.offset[d] + rest % slab.count[d]);
      stride *= static_cast<std::uint64_t>(shape[d]);
      rest /= slab.count[d];
    }
    visit(i, place);
  }
}

} // namespace linnet::io
