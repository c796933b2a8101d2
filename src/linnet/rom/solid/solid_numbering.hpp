// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Rows of the fields of a solid in the numbering of the mesh's file, which is the same on any
/// number of ranks: for files, for ties between points, and for the signs of modes.
#pragma once

#include <linnet/fem/solid_model.hpp>

#include <cstdint>
#include <vector>

namespace linnet::rom {

/// Numbers of this rank's rows.
struct SolidNumbering {
  std::vector<std::int64_t> unknowns;   ///< of a global Vec: 3 original node + component
  std::vector<std::int64_t> points;     ///< original cell * points of a cell + point
  std::vector<std::int64_t> components; ///< of tensors at points: 6 point + component

  /// Collective.
  explicit SolidNumbering(const fem::SolidModel& model);
};

} // namespace linnet::rom
