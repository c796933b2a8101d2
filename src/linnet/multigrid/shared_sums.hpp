// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Sums over quantities that several ranks hold parts of.
#pragma once

#include <linnet/core/petsc.hpp>

#include <petscsf.h>

#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

namespace linnet::multigrid {

/// Zeros of which few are written: the system gives memory to those pages only that are touched.
class SparseZeros {
public:
  explicit SparseZeros(std::size_t size)
      : values_(static_cast<double*>(std::calloc(size + 1, sizeof(double)))) {
    if (!values_) throw std::bad_alloc();
  }
  [[nodiscard]] double* data() { return values_.get(); }
  [[nodiscard]] const double* data() const { return values_.get(); }
  double& operator[](std::size_t i) { return values_.get()[i]; }

private:
  struct Free {
    void operator()(double* p) const { std::free(p); }
  };
  std::unique_ptr<double, Free> values_;
};

/// Where a sum is kept. PETSc's PetscSFNode is the typedef of a nameless struct, on which nvcc 13
/// stumbles inside of a std::vector.
struct Place {
  PetscInt rank, index;
};

/// Each rank names its parts by the rank and index that the sum is kept at.
class SharedSums {
public:
  SharedSums() = default;
  /// @p kept: sums kept on this rank; @p parts: where each part of this rank belongs. Collective.
  SharedSums(MPI_Comm comm, PetscInt kept, const std::vector<Place>& parts);

  /// Replaces each part by the sum over all parts of its kind. Collective.
  void add(std::vector<double>& parts) const;
  /// Value of the kept sum of each part, from @p kept on their ranks. Collective.
  [[nodiscard]] std::vector<double> spread(const SparseZeros& kept) const;

private:
  struct Destroy {
    void operator()(PetscSF sf) const { PetscSFDestroy(&sf); }
  };
  std::unique_ptr<std::remove_pointer_t<PetscSF>, Destroy> sf_;
  PetscInt kept_ = 0;
  std::size_t parts_ = 0;
};

} // namespace linnet::multigrid
