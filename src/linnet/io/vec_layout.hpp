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

} // namespace linnet::io
