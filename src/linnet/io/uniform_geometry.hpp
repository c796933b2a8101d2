// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Uniform grids of cells in output files.
#pragma once

#include <linnet/core/types.hpp>
#include <linnet/io/output_geometry.hpp>

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

/// A uniform grid in the files: without datasets in 3-D; in less dimensions its points, since
/// ParaView would put a plane that is given by origin and spacing into y-z.
class UniformGeometry : public OutputGeometry {
public:
  /// @throws core::Error unless the grid has 1 to 3 dimensions, cells and positive spacings.
  explicit UniformGeometry(const UniformGrid& grid);
  [[nodiscard]] std::string line() const override;
  [[nodiscard]] std::int64_t bytes() const override;
  void write(H5File& file) const override;
  [[nodiscard]] std::string xdmf(const std::string& h5_name) const override;
  /// (nz,ny,nx), (ny,nx) in 2-D, (1,nx) in 1-D.
  [[nodiscard]] Shape shape(Center center) const override;

private:
  UniformGrid grid_;
};

} // namespace linnet::io
