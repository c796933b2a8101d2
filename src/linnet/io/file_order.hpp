// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Between items that lie anywhere on the ranks and a file that lists them by number.
#pragma once

#include <linnet/core/petsc.hpp>
#include <linnet/io/h5_file.hpp>

#include <petscsf.h>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace linnet::io {

/// Nodes or cells of a mesh: this rank's items with their numbers in the file. In the file each
/// rank reads and writes one block of consecutive numbers; PETSc's star forest carries the values
/// there and back, so that a file does not depend on the distribution.
class FileOrder {
public:
  /// @p numbers: 0 <= number < @p total of each item of this rank; several ranks may have the same
  /// (ghosts). Collective; @throws core::Error (internal) for a number outside.
  FileOrder(MPI_Comm comm, std::int64_t total, std::span<const std::int64_t> numbers);

  /// True if every number is that of exactly one item, which writing needs.
  [[nodiscard]] bool is_complete() const { return complete_; }
  [[nodiscard]] std::int64_t total() const { return total_; }
  [[nodiscard]] std::int64_t items() const { return items_; } ///< of this rank
  [[nodiscard]] std::int64_t begin() const { return begin_; } ///< of this rank's block of the file
  [[nodiscard]] std::int64_t end() const { return end_; }
  /// The block in a dataset of @p more extents behind the number.
  [[nodiscard]] Slab slab(const Shape& more = {}) const;

  /// The block's values from those of the items, @p components each. Collective.
  [[nodiscard]] std::vector<double> to_file(std::span<const double> items, int components) const;
  [[nodiscard]] std::vector<std::int64_t> to_file(std::span<const std::int64_t> items,
                                                  int components) const;
  /// The items' values from those of the block. Collective.
  [[nodiscard]] std::vector<double> from_file(std::span<const double> block, int components) const;

private:
  struct ForestDeleter {
    void operator()(PetscSF forest) const { static_cast<void>(PetscSFDestroy(&forest)); }
  };
  template <class Number>
  std::vector<Number> gather(std::span<const Number> items, int components,
                             MPI_Datatype type) const;

  std::int64_t total_, items_, begin_ = 0, end_ = 0;
  bool complete_ = false;
  std::unique_ptr<std::remove_pointer_t<PetscSF>, ForestDeleter> forest_;
};

} // namespace linnet::io
