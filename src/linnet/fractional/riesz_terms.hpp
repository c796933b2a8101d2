// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What a Mat "riesz" is a sum of, for the matrix itself and for preconditioners made for it.
#pragma once

#include <linnet/fractional/bordered_toeplitz.hpp>
#include <linnet/fractional/mat_riesz.hpp>

#include <memory>
#include <vector>

namespace linnet::fractional {

struct RieszTerms {
  SplineBasis basis;
  std::unique_ptr<CollocationEntries> riesz, mass; ///< empty where the factor is zero
  std::vector<CollocationTerm> terms;

  /// @throws core::Error (usage) for options that make no sense.
  explicit RieszTerms(const RieszOptions& options);
};

/// The terms of @p A, which must be set up; they belong to it. Not collective.
PetscErrorCode MatRieszGetTerms(Mat A, const RieszTerms** terms);

} // namespace linnet::fractional
