// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// An HDF5 file shared by the ranks of a communicator. Every failure is one core::Error whose text
/// names the file, the object and the cause, thrown on all ranks.
#pragma once

#include <linnet/io/h5_support.hpp>

#include <mpi.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace linnet::io {

/// Extents of a dataset or position in it, slowest index first: (z,y,x[,component]).
using Shape = std::vector<std::int64_t>;

/// "(4,3,2)".
std::string to_string(const Shape& shape);

/// The part offset <= index < offset + count of a dataset. A count of 0 selects nothing.
struct Slab {
  Shape offset;
  Shape count;
  [[nodiscard]] std::int64_t size() const;
};

/// Number types that are written.
enum class NumberType { float32, float64, int32, int64 };

/// What a dataset holds.
struct DatasetInfo {
  enum class Kind { floating, integer, other };
  Shape shape;
  Kind kind = Kind::other;
  int bytes = 0; ///< per number
};

/// All member functions are collective on the communicator of the file and take the same arguments
/// on every rank, except for slabs and data.
class H5File {
public:
  enum class Access { read, modify };

  /// Creates @p path, replacing an existing file. Uses MPI-IO on more than one rank.
  static H5File create(MPI_Comm comm, const std::string& path);
  /// Opens @p path after checking that it exists, can be read and is a complete HDF5 file.
  static H5File open(MPI_Comm comm, const std::string& path, Access access = Access::read);

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] MPI_Comm comm() const { return comm_; }
  /// For calls that this class does not offer; the file keeps it.
  [[nodiscard]] hid_t id() const { return file_.get(); }

  /// True if every link of @p object exists.
  [[nodiscard]] bool exists(const std::string& object) const;
  /// Names of the links of @p group, sorted.
  [[nodiscard]] std::vector<std::string> children(const std::string& group) const;
  [[nodiscard]] bool is_dataset(const std::string& object) const;
  void create_group(const std::string& group);
  /// Copies an object with everything below it; both files on one rank.
  void copy_object(const H5File& source, const std::string& object);
  /// Copies the attributes of the root group; both files on one rank.
  void copy_attributes(const H5File& source);

  [[nodiscard]] bool has_attribute(const std::string& object, const std::string& name) const;
  /// Writes or replaces an attribute of a group or dataset ("/" for the file).
  void write_attribute(const std::string& object, const std::string& name, std::string_view value);
  void write_attribute(const std::string& object, const std::string& name, double value);
  void write_attribute(const std::string& object, const std::string& name, std::int64_t value);
  [[nodiscard]] std::string read_string(const std::string& object, const std::string& name) const;
  [[nodiscard]] double read_double(const std::string& object, const std::string& name) const;
  [[nodiscard]] std::int64_t read_integer(const std::string& object, const std::string& name) const;

  /// Shape and number type of a dataset; nothing is allocated.
  [[nodiscard]] DatasetInfo info(const std::string& dataset) const;
  /// Throws unless @p dataset has exactly the shape @p expected and holds numbers; with
  /// @p integer_only, whole numbers.
  void require(const std::string& dataset, const Shape& expected, bool integer_only = false) const;

  /// Creates a contiguous dataset.
  void create_dataset(const std::string& dataset, NumberType type, const Shape& shape);
  /// Creates or resizes a two-dimensional dataset whose number of rows may change.
  void resize_table(const std::string& dataset, std::int64_t rows, std::int64_t columns);
  void write(const std::string& dataset, const Slab& slab, const double* data);
  void write(const std::string& dataset, const Slab& slab, const std::int32_t* data);
  void write(const std::string& dataset, const Slab& slab, const std::int64_t* data);
  void read(const std::string& dataset, const Slab& slab, double* data) const;
  void read(const std::string& dataset, const Slab& slab, std::int64_t* data) const;

  /// Hands everything to the system, so that the file is complete even if this process dies.
  void flush();
  /// Writes everything to the disk and closes. Throws if that failed on any rank.
  void close();

private:
  H5File(MPI_Comm comm, std::string path) : comm_(comm), path_(std::move(path)) {}
  void write_raw_attribute(const std::string& object, const std::string& name, hid_t type,
                           const void* value);
  [[nodiscard]] H5Handle open_dataset(const std::string& dataset) const;
  void transfer(const std::string& dataset, const Slab& slab, hid_t memory_type, void* target,
                const void* source) const;

  MPI_Comm comm_;
  std::string path_;
  H5Handle file_;
};

} // namespace linnet::io
