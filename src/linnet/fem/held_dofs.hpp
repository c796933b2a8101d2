// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Unknowns with prescribed values.
#pragma once

#include <linnet/fem/mesh/mesh.hpp>
#include <linnet/kernels/allocation.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace linnet::fem {

/// A set of unknowns that all ranks know alike.
class HeldDofs {
public:
  /// None of the unknowns of @p mesh.
  explicit HeldDofs(const Mesh& mesh);
  /// @p dofs: 3 * local node + component; what one rank names is held on all that share the node.
  /// @throws core::Error for a number that is no local unknown. Collective.
  HeldDofs(const Mesh& mesh, std::span<const PetscInt> dofs);

  /// Per local unknown, ghosts included: 1 if it is held.
  [[nodiscard]] const std::vector<char>& flags() const { return flags_; }
  [[nodiscard]] bool is_held(PetscInt local_dof) const {
    return flags_[static_cast<std::size_t>(local_dof)] != 0;
  }
  /// Held unknowns among the owned ones, ascending: places in the local array of a global Vec.
  [[nodiscard]] const std::vector<PetscInt>& owned() const { return owned_; }
  /// Held unknowns of all ranks.
  [[nodiscard]] std::int64_t all() const { return all_; }

  /// @p global = 0 at the held unknowns. Logically collective.
  void zero(Vec global) const;

private:
  std::vector<char> flags_;
  std::vector<PetscInt> owned_;
  kernels::Array<int> places_; ///< owned_ where kernels see it
  std::int64_t all_ = 0;
};

} // namespace linnet::fem
