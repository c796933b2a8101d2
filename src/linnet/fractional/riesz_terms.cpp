// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/riesz_terms.hpp>

#include <linnet/core/text.hpp>

#include <cmath>

namespace linnet::fractional {

namespace {

void require(bool holds, const char* what, double value) {
  if (!holds) core::throw_usage(std::string(what) + ", got " + core::number_text(value));
}

} // namespace

RieszTerms::RieszTerms(const RieszOptions& options)
    : basis(static_cast<long>(options.spans), static_cast<int>(options.degree)) {
  require(options.length > 0.0 && std::isfinite(options.length), "the length must be positive",
          options.length);
  require(options.coefficient >= 0.0 && std::isfinite(options.coefficient),
          "the coefficient must not be negative", options.coefficient);
  require(options.reaction >= 0.0 && std::isfinite(options.reaction),
          "the reaction must not be negative", options.reaction);
  require(options.coefficient + options.reaction > 0.0,
          "coefficient and reaction must not both be zero", 0.0);
  if (options.coefficient > 0.0) {
    const double spans_per_length = static_cast<double>(options.spans) / options.length;
    riesz = std::make_unique<RieszEntries>(basis, options.alpha);
    terms.push_back({riesz.get(), options.coefficient * std::pow(spans_per_length, options.alpha)});
  }
  if (options.reaction > 0.0) {
    mass = std::make_unique<MassEntries>(basis);
    terms.push_back({mass.get(), options.reaction});
  }
}

} // namespace linnet::fractional
