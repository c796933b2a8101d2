// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The last directions of a conjugate direction method, with their images.
#pragma once

#include <linnet/core/owned.hpp>

#include <petscksp.h>

#include <vector>

namespace linnet::krylov {

class DirectionWindow {
public:
  /// Room for @p most directions like @p pattern, made when they are needed.
  DirectionWindow(Vec pattern, PetscInt most) : pattern_(pattern), most_(most) {}

  [[nodiscard]] PetscInt size() const { return static_cast<PetscInt>(p_.size()); }
  /// p.A p of direction @p i, the newest first.
  [[nodiscard]] double energy(PetscInt i) const { return at(i).energy; }
  [[nodiscard]] Vec direction(PetscInt i) const { return at(i).p.get(); }
  [[nodiscard]] Vec image(PetscInt i) const { return at(i).ap.get(); }
  /// All images, the newest first.
  [[nodiscard]] std::vector<Vec> images() const;
  [[nodiscard]] std::vector<Vec> directions() const;

  void clear();
  /// Keeps copies of @p p and @p ap, in place of the oldest where there is no room.
  void add(Vec p, Vec ap, double energy);

private:
  struct Entry {
    core::Owned<Vec> p, ap;
    double energy = 0.0;
  };
  [[nodiscard]] const Entry& at(PetscInt i) const { return p_[p_.size() - 1 - std::size_t(i)]; }

  Vec pattern_;
  PetscInt most_;
  std::vector<Entry> p_, spare_; ///< oldest first
};

} // namespace linnet::krylov
