// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/riesz_terms.hpp>

#include <linnet/core/text.hpp>

#include <cmath>

namespace linnet::fractional {

namespace {

/// Shorter lines are transformed faster by every rank for itself, from measurements on two ranks.
constexpr PetscInt least_distributed = 1 << 17;

void require(bool holds, const char* what, double value) {
  if (!holds) core::throw_usage(std::string(what) + ", got " + core::number_text(value));
}

} // namespace

RieszAxisTerms::RieszAxisTerms(const RieszAxis& axis)
    : basis(static_cast<long>(axis.spans), static_cast<int>(axis.degree)), riesz(basis, axis.alpha),
      mass(basis) {
  require(axis.length > 0.0 && std::isfinite(axis.length), "the length must be positive",
          axis.length);
  require(axis.coefficient >= 0.0 && std::isfinite(axis.coefficient),
          "the coefficient must not be negative", axis.coefficient);
  factor = axis.coefficient * std::pow(static_cast<double>(axis.spans) / axis.length, axis.alpha);
  const bool in_range = axis.coefficient == 0.0 || (factor > 1e-100 && factor < 1e100);
  require(in_range,
          "coefficient (n / length)^alpha must lie between 1e-100 and 1e100: choose other units of "
          "length or time",
          factor);
}

std::vector<CollocationTerm> RieszAxisTerms::operator_terms() const {
  if (factor == 0.0) return {};
  return {{&riesz, factor}};
}

RieszTerms::RieszTerms(const RieszOptions& options)
    : reaction(options.reaction), has_operator(false) {
  require(options.dim >= 1 && options.dim <= 3, "the dimension must be 1, 2 or 3",
          static_cast<double>(options.dim));
  require(reaction >= 0.0 && std::isfinite(reaction), "the reaction must not be negative",
          reaction);
  for (PetscInt d = 0; d < options.dim; ++d) {
    axes.push_back(std::make_unique<RieszAxisTerms>(options.axis[static_cast<std::size_t>(d)]));
    has_operator = has_operator || axes.back()->factor > 0.0;
  }
  require(has_operator || reaction > 0.0, "coefficient and reaction must not both be zero", 0.0);
}

long RieszTerms::unknowns() const { return plane_size() * axes.back()->size(); }

long RieszTerms::plane_size() const {
  long size = 1;
  for (std::size_t d = 0; d + 1 < axes.size(); ++d) size *= axes[d]->size();
  return size;
}

std::vector<CollocationTerm> RieszTerms::sum(bool with_operator, double mass_factor) const {
  std::vector<CollocationTerm> terms;
  if (with_operator) terms = axes.front()->operator_terms();
  if (mass_factor > 0.0) terms.push_back({&axes.front()->mass, mass_factor});
  return terms;
}

SlabLayout slab_layout(Mat A, const RieszTerms& terms) {
  PetscInt begin = 0, end = 0;
  LINNET_CHECK(MatGetOwnershipRange(A, &begin, &end));
  const long plane = terms.plane_size();
  return {PetscObjectComm(reinterpret_cast<PetscObject>(A)), terms.axes.back()->size(),
          begin / plane, end / plane};
}

LineShare line_share(Mat A) {
  PetscInt begin = 0, end = 0, size = 0;
  PetscMPIInt ranks = 1;
  RieszOptions options;
  MPI_Comm comm = PetscObjectComm(reinterpret_cast<PetscObject>(A));
  MPI_Comm_size(comm, &ranks);
  LINNET_CHECK(MatGetOwnershipRange(A, &begin, &end));
  LINNET_CHECK(MatGetSize(A, &size, nullptr));
  LINNET_CHECK(MatRieszGetOptions(A, &options));
  const bool replicated = options.fft == RieszFft::replicated ||
                          (options.fft == RieszFft::automatic && size < least_distributed);
  return {comm, begin, end, replicated && ranks > 1};
}

} // namespace linnet::fractional
