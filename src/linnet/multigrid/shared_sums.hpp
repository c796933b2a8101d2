// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Sums over quantities that several ranks hold parts of.
#pragma once

#include <linnet/core/petsc.hpp>

#include <petscsf.h>

#include <memory>
#include <vector>

namespace linnet::multigrid {

/// Each rank names its parts by the rank and index that the sum is kept at.
class SharedSums {
public:
  SharedSums() = default;
  /// @p kept: sums kept on this rank; @p parts: where each part of this rank belongs. Collective.
  SharedSums(MPI_Comm comm, PetscInt kept, const std::vector<PetscSFNode>& parts);

  /// Replaces each part by the sum over all parts of its kind. Collective.
  void add(std::vector<double>& parts) const;
  /// Value of the kept sum of each part, from @p kept on their ranks. Collective.
  [[nodiscard]] std::vector<double> spread(const std::vector<double>& kept) const;

private:
  struct Destroy {
    void operator()(PetscSF sf) const { PetscSFDestroy(&sf); }
  };
  std::unique_ptr<std::remove_pointer_t<PetscSF>, Destroy> sf_;
  PetscInt kept_ = 0;
  std::size_t parts_ = 0;
};

} // namespace linnet::multigrid
