// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What lies behind a Mat "riesz", for the files that make it up.
#pragma once

#include <linnet/fractional/mat_riesz.hpp>
#include <linnet/fractional/riesz_product.hpp>
#include <linnet/fractional/riesz_terms.hpp>

#include <petsc/private/matimpl.h>

#include <memory>
#include <optional>

namespace linnet::fractional {

struct RieszMatrix {
  RieszOptions options;
  std::optional<RieszTerms> terms;
  std::unique_ptr<RieszProduct> product; ///< all of it; with a variable coefficient without D and
                                         ///< without the reaction
  std::unique_ptr<RieszProduct> mass;    ///< reaction * mass, with a variable coefficient
  Vec coefficient = nullptr;             ///< D
  Vec work = nullptr;                    ///< with D
  Vec image = nullptr;                   ///< of sums y + A x

  /// D counts.
  [[nodiscard]] bool has_field() const { return coefficient && terms->has_operator; }
};

inline RieszMatrix& riesz_matrix(Mat A) { return *static_cast<RieszMatrix*>(A->data); }

/// Fails for a matrix of another type.
PetscErrorCode require_riesz(Mat A);

// The operations of the type that have files of their own.
PetscErrorCode MatSetFromOptions_Riesz(Mat A, core::OptionItems PetscOptionsObject);
PetscErrorCode MatConvert_Riesz_Dense(Mat A, MatType type, MatReuse reuse, Mat* B);

} // namespace linnet::fractional
