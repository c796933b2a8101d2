// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The grid that the fields of a run lie on, as its two output files need it.
#pragma once

#include <linnet/io/h5_file.hpp>

#include <string>

namespace linnet::io {

/// Where on the grid a field lives.
enum class Center { cell, point };

/// One kind of grid. What is here does not depend on the step.
class OutputGeometry {
public:
  virtual ~OutputGeometry() = default;
  /// The grid as one line; two grids are the same if their lines are. The same on all ranks.
  [[nodiscard]] virtual std::string line() const = 0;
  /// Bytes that write() adds to the file.
  [[nodiscard]] virtual std::int64_t bytes() const = 0;
  /// Writes the datasets of the group /geometry, if the grid has any. Collective.
  virtual void write(H5File& file) const = 0;
  /// The elements Topology and Geometry of XDMF, and Attributes that are the same at all steps; @p
  /// h5_name is the HDF5 file relative to the side file, escaped.
  [[nodiscard]] virtual std::string xdmf(const std::string& h5_name) const = 0;
  /// Shape of the dataset of a scalar field.
  [[nodiscard]] virtual Shape shape(Center center) const = 0;
};

} // namespace linnet::io
