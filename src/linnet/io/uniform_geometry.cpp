// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/uniform_geometry.hpp>

#include <linnet/core/error.hpp>
#include <linnet/io/xdmf.hpp>

#include <cmath>
#include <sstream>

namespace linnet::io {
namespace {

/// Dataset that holds the points (ny+1,nx+1,3) of a 2-D grid, (1,nx+1,3) of a 1-D grid.
constexpr const char* points_dataset = "/geometry/vertices";

std::string inline_item(const core::Real3& x) {
  return R"(<DataItem Dimensions="3" NumberType="Float" Precision="8" Format="XML">)" +
         xdmf_number(x[2]) + " " + xdmf_number(x[1]) + " " + xdmf_number(x[0]) + "</DataItem>";
}

} // namespace

UniformGeometry::UniformGeometry(const UniformGrid& grid) : grid_(grid) {
  bool good = grid.dim >= 1 && grid.dim <= 3;
  for (int d = 0; good && d < grid.dim; ++d)
    good = grid.cells[d] > 0 && grid.spacing[d] > 0 && std::isfinite(grid.spacing[d]) &&
           std::isfinite(grid.origin[d]);
  if (!good || (grid.dim < 3 && grid.cells[2] != 1) || (grid.dim < 2 && grid.cells[1] != 1))
    throw core::Error(core::ExitCode::internal,
                      "FieldWriter: a grid has 1 to 3 dimensions, cells and positive spacings");
}

std::string UniformGeometry::line() const {
  std::ostringstream line;
  line.precision(17);
  for (int d = 0; d < grid_.dim; ++d) line << (d > 0 ? "," : "cells ") << grid_.cells[d];
  for (int d = 0; d < grid_.dim; ++d) line << (d > 0 ? "," : " origin ") << grid_.origin[d];
  for (int d = 0; d < grid_.dim; ++d) line << (d > 0 ? "," : " spacing ") << grid_.spacing[d];
  return line.str();
}

std::int64_t UniformGeometry::bytes() const {
  const core::Index3 n = grid_.points();
  return grid_.dim < 3 ? std::int64_t{24} * n[0] * n[1] : 0;
}

// A share of the rows from each rank.
void UniformGeometry::write(H5File& file) const {
  if (grid_.dim == 3) return;
  int rank = 0, size = 1;
  MPI_Comm_rank(file.comm(), &rank);
  MPI_Comm_size(file.comm(), &size);
  const core::Index3 n = grid_.points();
  const std::int64_t begin = std::int64_t{n[1]} * rank / size;
  const std::int64_t end = std::int64_t{n[1]} * (rank + 1) / size;
  std::vector<double> points;
  points.reserve(static_cast<std::size_t>((end - begin) * n[0] * 3));
  for (std::int64_t j = begin; j < end; ++j)
    for (int i = 0; i < n[0]; ++i)
      points.insert(points.end(),
                    {grid_.origin[0] + i * grid_.spacing[0],
                     grid_.origin[1] + static_cast<double>(j) * grid_.spacing[1], 0.0});
  file.create_group("/geometry");
  file.create_dataset(points_dataset, NumberType::float64, {n[1], n[0], 3});
  file.write(points_dataset, {{begin, 0, 0}, {end - begin, n[0], 3}}, points.data());
}

std::string UniformGeometry::xdmf(const std::string& h5_name) const {
  const std::string points = xdmf_dimensions(shape(Center::point));
  if (grid_.dim == 3)
    return "  <Topology TopologyType=\"3DCoRectMesh\" Dimensions=\"" + points +
           "\"/>\n  <Geometry GeometryType=\"ORIGIN_DXDYDZ\">\n   " + inline_item(grid_.origin) +
           "\n   " + inline_item(grid_.spacing) + "</Geometry>\n";
  // 2DCoRectMesh would put the plane into y-z.
  return "  <Topology TopologyType=\"2DSMesh\" Dimensions=\"" + points +
         "\"/>\n  <Geometry GeometryType=\"XYZ\">\n   " +
         xdmf_item(points + " 3", NumberType::float64, h5_name + ":" + points_dataset) +
         "</Geometry>\n";
}

Shape UniformGeometry::shape(Center center) const {
  const core::Index3 n = center == Center::cell ? grid_.cells : grid_.points();
  return grid_.dim == 3 ? Shape{n[2], n[1], n[0]} : Shape{n[1], n[0]};
}

} // namespace linnet::io
