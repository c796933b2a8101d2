// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Solutions of earlier systems, found by the direction of a sketch of their right-hand sides.
///
/// A stored solve is a solution x, the product A x with the matrix as it is when that is asked for,
/// and the key of its right-hand side (linalg/gaussian_sketch.hpp) divided by its length: what is
/// near is near relative to the size of the right-hand sides, and in sign as well, since a multiple
/// of a stored pair is as good as the pair itself. Where the store is full, the solve that has not
/// been asked for longest makes room.
#pragma once

#include <linnet/core/owned.hpp>
#include <linnet/linalg/gaussian_sketch.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace linnet::krylov {

/// A matrix as it was at some time.
struct MatrixState {
  PetscObjectId id = 0;
  PetscObjectState state = 0;
  bool transposed = false;
  bool operator==(const MatrixState&) const = default;
};

/// A matrix, or its transpose, at the present.
struct PresentMatrix {
  Mat matrix = nullptr; ///< borrowed
  MatrixState state;
};

/// Vectors of one layout. Every call is collective, with the same arguments on all ranks.
class StoredSolves {
public:
  /// For systems with unknowns of the layout of @p like, of which a reference is kept. Memory is
  /// taken solve by solve, up to @p capacity of them, and kept.
  StoredSolves(Vec like, int capacity, int keys);

  /// True if @p v has the layout of the store.
  [[nodiscard]] bool fits(Vec v) const;
  [[nodiscard]] int size() const { return static_cast<int>(solves_.size()); }
  /// Bytes on this rank.
  [[nodiscard]] std::int64_t bytes() const;

  /// Key of a right-hand side, of length 1; returns its length before, about |b|: 0 or not finite
  /// for a right-hand side that has no direction.
  double key_of(Vec b, std::span<double> key) const;
  [[nodiscard]] int keys() const { return sketch_.keys(); }

  /// Numbers of the up to @p count solves that are nearest to @p key, nearest first; they count as
  /// used now. The span holds until the next call.
  std::span<const int> nearest(std::span<const double> key, int count);
  [[nodiscard]] Vec solution(int number) const { return solves_[at(number)].solution.get(); }
  /// A x; the product is made unless it was made for the same values of A. A key that belongs to
  /// another matrix is made anew with it.
  Vec image(int number, const PresentMatrix& A);
  [[nodiscard]] std::int64_t products() const { return products_; }

  /// Keeps a copy of @p x, found for the right-hand side of @p key with @p A.
  void add(std::span<const double> key, Vec x, const PresentMatrix& A);

  /// Empty if the file is of vectors like those here, or holds none; else both shapes, such as
  /// "the shape (20,24), not (21,24)". @throws core::Error (data) on all ranks for other files.
  [[nodiscard]] std::string other_size(const std::string& path) const;
  /// Adds the solutions of a file, those used last first, as far as there is room; keys are those
  /// of their products with @p A, and what has no key is left out. Returns size(). @throws
  /// core::Error on all ranks for a file that is damaged or of other systems; nothing is added
  /// then.
  int load(const std::string& path, const PresentMatrix& A);
  /// Writes all solutions, those used last first; the file is the old or the new one at any time.
  void save(const std::string& path) const;

private:
  struct Solve {
    core::Owned<Vec> solution, image;
    std::vector<double> key;
    MatrixState image_of, key_of;
    std::uint64_t used = 0;
  };
  static std::size_t at(int number) { return static_cast<std::size_t>(number); }
  [[nodiscard]] core::Owned<Vec> vector() const;
  [[nodiscard]] std::vector<int> latest_first() const;
  Solve& slot();
  void multiply(Solve& solve, const PresentMatrix& A);

  core::Owned<Vec> like_;
  std::size_t capacity_;
  linalg::GaussianSketch sketch_;
  std::vector<Solve> solves_;
  std::vector<int> order_;
  std::vector<double> nearness_;
  std::uint64_t clock_ = 0;
  std::int64_t products_ = 0;
};

} // namespace linnet::krylov
