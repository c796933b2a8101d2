// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The XDMF 2 side file through which ParaView reads the fields of a uniform grid from HDF5. Only
/// forms that all three XDMF readers of ParaView 5.11 accept are used.
#pragma once

#include <linnet/core/types.hpp>

#include <string>
#include <vector>

namespace linnet::io {

/// A uniform grid of cells; 2-D grids have cells[2] = 1 and lie in the plane z = 0, 1-D grids have
/// cells[1] = 1, too, and lie on the x axis.
struct UniformGrid {
  int dim = 3;
  core::Index3 cells{1, 1, 1};
  core::Real3 origin{0, 0, 0};  ///< lowest corner
  core::Real3 spacing{1, 1, 1}; ///< edge lengths of a cell
  /// Number of points (corners of cells) per direction.
  [[nodiscard]] core::Index3 points() const {
    return {cells[0] + 1, dim >= 2 ? cells[1] + 1 : 1, dim == 3 ? cells[2] + 1 : 1};
  }
};

/// Where on the grid a field lives.
enum class Center { cell, point };

/// One array of one step.
struct XdmfAttribute {
  std::string name;
  Center center = Center::cell;
  bool vector = false;  ///< three components
  bool integer = false; ///< int32 instead of float64
};

/// One time step; its datasets lie in the group @p group of the HDF5 file.
struct XdmfStep {
  std::string group; ///< "step000000"
  double time = 0;
  std::vector<XdmfAttribute> attributes;
};

/// Dataset that holds the points (ny+1,nx+1,3) of a 2-D grid, (1,nx+1,3) of a 1-D grid.
inline constexpr const char* xdmf_points_dataset = "/geometry/vertices";

/// The whole side file for the HDF5 file @p h5_name (relative to the side file).
std::string xdmf_text(const UniformGrid& grid, const std::string& h5_name,
                      const std::vector<XdmfStep>& steps);

} // namespace linnet::io
