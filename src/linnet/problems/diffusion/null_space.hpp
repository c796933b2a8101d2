// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The singular parts of a diffusion system: connected pieces of the fluid whose value nothing
/// fixes (no Dirichlet, no Robin, no reaction). In each of them the solution is determined up to a
/// constant and exists only if sources and boundary inflow balance.
#pragma once

#include <linnet/problems/diffusion/diffusion.hpp>

#include <vector>

namespace linnet::problems {

/// What to do with data that do not balance in a floating piece.
enum class Compatibility {
  error,  ///< refuse
  project ///< subtract the mean imbalance from the right-hand side; what is then mere rounding is 0
};

/// The floating pieces of one assembled system.
class FloatingPieces {
public:
  /// Finds them in the assembled @p system, checks or restores the balance of its right-hand side
  /// (rounding is always removed) and makes all but the `max_null_vectors` largest pieces regular:
  /// one cell of each gets a positive row sum, which fixes its value at 0 there and changes nothing
  /// else since the data balance. Collective. @throws core::Error (usage) on all ranks for data
  /// that do not balance.
  FloatingPieces(DiffusionSystem& system, Vec mask, Compatibility compatibility);

  /// Largest number of vectors in the null space of a matrix.
  static constexpr std::size_t max_null_vectors = 8;

  /// Connected pieces of the fluid, and how many of them float.
  [[nodiscard]] PetscInt components() const { return components_; }
  [[nodiscard]] PetscInt floating() const { return static_cast<PetscInt>(pieces_.size()); }
  /// Cells in floating pieces, and in the largest one.
  [[nodiscard]] std::int64_t floating_cells() const;
  [[nodiscard]] std::int64_t largest_floating() const;
  /// What balancing took out of the sum of the right-hand side.
  [[nodiscard]] double removed() const;
  /// Number of null vectors.
  [[nodiscard]] std::size_t null_vectors() const { return null_.size(); }

  /// Tells @p A (on the DMDA) its null space: one normalised indicator per floating piece that was
  /// not made regular. Does nothing when there is none. Collective.
  void attach(DM cells, Mat A) const;
  /// Removes the mean over each floating piece from @p u: the solution of smallest norm.
  /// Collective.
  void remove_means(DM cells, Vec u) const;

private:
  struct Piece {
    PetscInt label = 0;
    std::int64_t cells = 0;
    std::int64_t first = 0; ///< smallest natural cell index
    double imbalance = 0.0; ///< sum of the right-hand side
    double magnitude = 0.0; ///< sum of its absolute values
  };
  void collect(DiffusionSystem& system, Vec mask);
  void balance(DiffusionSystem& system, Compatibility compatibility) const;
  void pin(DiffusionSystem& system, const Piece& piece) const;

  Owned<Vec> labels_;
  PetscInt components_ = 0;
  bool all_cells_ = false; ///< the one piece is the whole grid: the null space is the constants
  std::vector<Piece> pieces_;
  std::vector<Piece> null_;
};

} // namespace linnet::problems
