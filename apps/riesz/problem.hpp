// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// From options to the equation.
#pragma once

#include <linnet/core/app_runtime.hpp>
#include <linnet/core/expression.hpp>
#include <linnet/fractional/mat_riesz.hpp>

#include <functional>
#include <optional>

namespace app {

using linnet::core::AppContext;
using linnet::core::Real3;

/// A function of position and time.
using Function = std::function<double(const Real3&, double)>;

/// What the options say.
struct Problem {
  linnet::fractional::RieszOptions operators;
  std::optional<linnet::core::Expression> factor;  ///< D
  std::optional<linnet::core::Expression> source;  ///< s; none: of the known solution
  std::optional<linnet::core::Expression> initial; ///< u at the time 0
  Function exact;                                  ///< empty where it is not known
  int power = 4;                                   ///< q of the known solution
  bool in_time = false;

  [[nodiscard]] std::size_t dim() const { return static_cast<std::size_t>(operators.dim); }
  [[nodiscard]] bool manufactured() const { return !source; }
};

/// Throws core::Error for wrong input. Not collective.
Problem make_problem(const AppContext& context);

} // namespace app
