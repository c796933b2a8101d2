// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What a Mat "riesz" is a sum of, for the matrix itself and for preconditioners made for it:
///   A = D sum over d of (M x .. A_d x .. M) + reaction (M x M x M),
/// A_d the Riesz matrix of direction d with its factor, M the mass matrices of the other
/// directions, D a diagonal of positive values where the operator has a variable coefficient.
#pragma once

#include <linnet/fractional/collocation_entries.hpp>
#include <linnet/fractional/line_share.hpp>
#include <linnet/fractional/mat_riesz.hpp>
#include <linnet/fractional/slab_layout.hpp>

#include <memory>
#include <vector>

namespace linnet::fractional {

/// One direction.
struct RieszAxisTerms {
  SplineBasis basis;
  RieszEntries riesz;
  MassEntries mass;
  double factor; ///< of the Riesz matrix in scaled units: coefficient (spans / length)^alpha

  /// @throws core::Error (usage) for options that make no sense.
  explicit RieszAxisTerms(const RieszAxis& axis);
  [[nodiscard]] long size() const { return basis.unknowns(); }
  /// factor * riesz; empty where the factor is zero.
  [[nodiscard]] std::vector<CollocationTerm> operator_terms() const;
  [[nodiscard]] std::vector<CollocationTerm> mass_terms() const { return {{&mass, 1.0}}; }
};

struct RieszTerms {
  std::vector<std::unique_ptr<RieszAxisTerms>> axes; ///< x first, whose index is the fastest
  double reaction;
  bool has_operator; ///< some factor is not zero

  /// @throws core::Error (usage) for options that make no sense.
  explicit RieszTerms(const RieszOptions& options);
  [[nodiscard]] int dim() const { return static_cast<int>(axes.size()); }
  [[nodiscard]] long unknowns() const;
  /// Values of a plane of the last direction, of which each rank has whole ones; 1 in 1-D.
  [[nodiscard]] long plane_size() const;
  /// In 1-D: the operator, if wanted, + @p mass_factor * mass.
  [[nodiscard]] std::vector<CollocationTerm> sum(bool with_operator, double mass_factor) const;
};

/// The terms of @p A, which must be set up; they belong to it. Not collective.
PetscErrorCode MatRieszGetTerms(Mat A, const RieszTerms** terms);
/// The planes of this rank. Collective; @p A is set up.
SlabLayout slab_layout(Mat A, const RieszTerms& terms);
/// In 1-D, the rows of this rank. Collective; @p A is set up.
LineShare line_share(Mat A);

} // namespace linnet::fractional
