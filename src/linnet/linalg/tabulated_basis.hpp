// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Functions on a box, known at the points of a tensor-product grid and multilinear between them: a
/// basis trained on one grid for all others. Whoever trains one (by POD, or the trunk of an
/// operator network) keeps it in a model file (io/model_file.hpp) under /basis:
///
///     phi           (p, n)   values, function by function
///     points        (n, d)   coordinates, d = 1 to 3, in the order x fastest
///     eigenvalues   (p or more) of POD, descending; may be missing
///     domain        (d, 2)   low and high end of the box; without it, the unit box
///     zero          (d, 2)   1 where the functions vanish at that end, else 0; without it, 0
#pragma once

#include <linnet/core/types.hpp>
#include <linnet/io/model_file.hpp>

#include <array>
#include <map>
#include <string>
#include <vector>

namespace linnet::linalg {

struct TabulatedBasis {
  int dimension = 2;
  std::array<std::vector<double>, 3> axes; ///< ascending coordinates; none beyond the dimension
  core::Real3 low{0.0, 0.0, 0.0}, high{1.0, 1.0, 1.0}; ///< of the box
  std::array<std::array<bool, 2>, 3> zero{}; ///< vanishes at the low, the high end of a direction
  std::vector<double> values;                ///< function slowest, x fastest
  std::vector<double> eigenvalues;           ///< may be empty

  /// Points of the grid.
  [[nodiscard]] std::int64_t points() const;
  /// Functions.
  [[nodiscard]] std::int64_t size() const;
};

/// The arrays of the model file; the inverse of basis_of().
std::map<std::string, io::ModelArray> arrays_of(const TabulatedBasis& basis);

/// @p where begins messages: the file. @throws core::Error (data) for arrays that are missing, do
/// not fit together, or whose points are no tensor-product grid within the box.
TabulatedBasis basis_of(const std::map<std::string, io::ModelArray>& arrays,
                        const std::string& where);

/// The basis in the model file @p path, on all ranks. Networks in it are passed over. Collective.
/// @throws core::Error (data) on all ranks.
TabulatedBasis read_basis(MPI_Comm comm, const std::string& path, std::int64_t byte_limit);

/// Multilinear interpolation at one point: which values and how much of each.
struct Interpolation {
  int count = 0;
  std::array<std::int64_t, 8> place{}; ///< in the values of one function
  std::array<double, 8> weight{};
};

/// At the point whose distances from the low ends are @p relative of the sides of the box, each
/// from 0 to 1. Beyond the outermost points, functions go linearly to 0 at an end where they vanish
/// and stay constant elsewhere.
Interpolation interpolate(const TabulatedBasis& basis, const core::Real3& relative);

} // namespace linnet::linalg
