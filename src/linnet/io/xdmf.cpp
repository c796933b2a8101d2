// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/xdmf.hpp>

#include <array>
#include <charconv>

namespace linnet::io {
namespace {

std::string number(double x) {
  std::array<char, 40> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), x).ptr;
  return {text.data(), end};
}

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
    case '&': result += "&amp;"; break;
    case '<': result += "&lt;"; break;
    case '>': result += "&gt;"; break;
    case '"': result += "&quot;"; break;
    default: result += c;
    }
  }
  return result;
}

/// "NZ NY NX", "NY NX" in 2-D, "1 NX" in 1-D.
std::string dimensions(const UniformGrid& grid, const core::Index3& n) {
  const std::string plane = std::to_string(n[1]) + " " + std::to_string(n[0]);
  return grid.dim == 3 ? std::to_string(n[2]) + " " + plane : plane;
}

std::string reversed(const core::Real3& x) {
  return number(x[2]) + " " + number(x[1]) + " " + number(x[0]);
}

std::string data_item(const std::string& shape, bool integer, const std::string& location) {
  // Precision is stated for every item: readers take 4 bytes where it is missing.
  return "<DataItem Dimensions=\"" + shape + "\" NumberType=\"" + (integer ? "Int" : "Float") +
         "\" Precision=\"" + (integer ? "4" : "8") + "\" Format=\"HDF\">" + location +
         "</DataItem>";
}

std::string inline_item(const core::Real3& values) {
  return "<DataItem Dimensions=\"3\" NumberType=\"Float\" Precision=\"8\" Format=\"XML\">" +
         reversed(values) + "</DataItem>";
}

std::string geometry(const UniformGrid& grid, const std::string& h5_name) {
  const std::string points = dimensions(grid, grid.points());
  if (grid.dim == 3)
    return "  <Topology TopologyType=\"3DCoRectMesh\" Dimensions=\"" + points +
           "\"/>\n  <Geometry GeometryType=\"ORIGIN_DXDYDZ\">\n   " + inline_item(grid.origin) +
           "\n   " + inline_item(grid.spacing) + "</Geometry>\n";
  // 2DCoRectMesh would put the plane into y-z.
  return "  <Topology TopologyType=\"2DSMesh\" Dimensions=\"" + points +
         "\"/>\n  <Geometry GeometryType=\"XYZ\">\n   " +
         data_item(points + " 3", false, h5_name + ":" + xdmf_points_dataset) + "</Geometry>\n";
}

std::string attribute(const UniformGrid& grid, const std::string& group,
                      const XdmfAttribute& field) {
  const bool cell = field.center == Center::cell;
  std::string shape = dimensions(grid, cell ? grid.cells : grid.points());
  if (field.vector) shape += " 3";
  return "  <Attribute Name=\"" + escaped(field.name) + "\" AttributeType=\"" +
         (field.vector ? "Vector" : "Scalar") + "\" Center=\"" + (cell ? "Cell" : "Node") +
         "\">\n   " + data_item(shape, field.integer, group + escaped(field.name)) +
         "</Attribute>\n";
}

} // namespace

std::string xdmf_text(const UniformGrid& grid, const std::string& h5_name,
                      const std::vector<XdmfStep>& steps) {
  const std::string h5 = escaped(h5_name);
  std::string text = "<?xml version=\"1.0\" ?>\n<Xdmf Version=\"2.0\"><Domain>"
                     "<Grid Name=\"series\" GridType=\"Collection\" CollectionType=\"Temporal\">\n";
  for (const auto& step : steps) {
    text += " <Grid Name=\"grid\" GridType=\"Uniform\"><Time Value=\"" + number(step.time) +
            "\"/>\n" + geometry(grid, h5);
    const std::string group = h5 + ":/" + step.group + "/";
    for (const auto& field : step.attributes) text += attribute(grid, group, field);
    text += " </Grid>\n";
  }
  return text + "</Grid></Domain></Xdmf>\n";
}

} // namespace linnet::io
