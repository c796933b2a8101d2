// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "field_source.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/core/error.hpp>

#include <cmath>

namespace app {

using linnet::core::AppContext;
using linnet::nn::coefficient_field;
using linnet::nn::evolution_field;
using linnet::nn::solution_field;

int FieldSource::in() const { return is_evolution() ? 1 : channels(coefficient_field); }

int FieldSource::out() const { return is_evolution() ? 1 : channels(solution_field); }

int FieldSource::known_steps() const {
  if (is_evolution()) return channels(evolution_field) - 1;
  return out() > 0 ? 1 : 0;
}

std::vector<double> FieldSource::input(FieldParts& parts) {
  return finite_part(is_evolution() ? evolution_field : coefficient_field, 0, in(), parts);
}

std::vector<double> FieldSource::target(int step, FieldParts& parts) {
  return is_evolution() ? finite_part(evolution_field, step, 1, parts)
                        : finite_part(solution_field, 0, out(), parts);
}

std::vector<double> FieldSource::finite_part(const std::string& field, int first, int count,
                                             FieldParts& parts) {
  std::vector<double> values = part(field, first, count, parts);
  linnet::core::together(context().comm(), [&] {
    for (const double v : values)
      if (!std::isfinite(v))
        linnet::core::throw_data("'" + field + "' of the sample has a value that is not finite");
  });
  return values;
}

std::unique_ptr<FieldSource> make_source(const AppContext& context) {
  return context.options().choice("-predict_data") == "file" ? sample_file(context)
                                                             : generator(context);
}

} // namespace app
