// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Arrays of numbers in HDF5 files that other programs wrote, among them MATLAB's of version 7.3,
/// read piece by piece. Chunks and HDF5's own filters (deflate, shuffle, ...) are taken; nothing
/// leads out of the file, and what a piece needs is known before it is allocated.
#pragma once

#include <linnet/io/h5_file.hpp>

namespace linnet::io {

/// One dataset of real numbers, of any integer or floating-point type.
class NumericArray {
public:
  /// @throws core::Error (data) of one line where the file is none of HDF5 (with the remedy for
  /// files of MATLAB before version 7.3 and of NumPy), where the dataset is missing or holds no
  /// numbers, is virtual, lies outside of the file, needs a filter that is not HDF5's own, or has
  /// chunks above 256 MiB or more than six directions. Not collective.
  NumericArray(const std::string& path, const std::string& dataset);

  /// "file: 'dataset'", for messages.
  [[nodiscard]] const std::string& name() const { return name_; }
  /// Extents in the order of the writer: of HDF5, slowest first; of MATLAB, as its size() says,
  /// fastest first.
  [[nodiscard]] const Shape& shape() const { return shape_; }
  /// True if MATLAB, whose arrays have the first index fastest, or a program that imitates it wrote
  /// the dataset: HDF5's order of its directions is then the reverse of shape().
  [[nodiscard]] bool is_matlab() const { return is_matlab_; }
  /// Reads a part, given in the order of shape(). @p values gets it with the directions in HDF5's
  /// order, the last one fastest: the first one of shape() for MATLAB. Every value is finite, or it
  /// throws.
  void read(const Slab& part, double* values) const;

private:
  H5File file_;
  std::string dataset_, name_;
  Shape shape_;
  bool is_matlab_ = false;
};

} // namespace linnet::io
