// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The XDMF 2 side file through which ParaView reads the fields of a run from HDF5. Only forms that
/// all three XDMF readers of ParaView 5.11 accept are used.
#pragma once

#include <linnet/io/output_geometry.hpp>

#include <string>
#include <vector>

namespace linnet::io {

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

/// The whole side file for the HDF5 file @p h5_name (relative to the side file).
std::string xdmf_text(const OutputGeometry& geometry, const std::string& h5_name,
                      const std::vector<XdmfStep>& steps);

/// Parts of it. Numbers have all their digits.
std::string xdmf_number(double x);
/// "5 6 7".
std::string xdmf_dimensions(const Shape& shape);
/// The element DataItem of a dataset; @p location is escaped: "file.h5:/dataset".
std::string xdmf_item(const std::string& dimensions, NumberType type, const std::string& location);
/// The element Attribute, with its dataset at @p location, escaped.
std::string xdmf_attribute(const OutputGeometry& geometry, const XdmfAttribute& field,
                           const std::string& location);

} // namespace linnet::io
