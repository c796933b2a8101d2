// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A function of position and time: the expression of a deck, or whatever can be called.
#pragma once

#include <linnet/core/expression.hpp>

#include <functional>
#include <type_traits>
#include <utility>
#include <variant>

namespace linnet::core {

class SpaceTimeFunction {
public:
  /// The constant 0.
  SpaceTimeFunction() = default;
  SpaceTimeFunction(Expression e) : function_(std::move(e)) {}
  /// @p f of (const Real3&, double).
  template <class F>
  requires std::is_invocable_r_v<double, F, const Real3&, double> SpaceTimeFunction(F f)
      : function_(Callable(std::move(f))) {}

  double operator()(const Real3& p, double t) const {
    return std::visit([&](const auto& f) { return f(p, t); }, function_);
  }
  /// Values at the points (x[i], y, z), as many as @p x has entries.
  void along_x(std::span<const double> x, double y, double z, double t,
               std::span<double> values) const {
    if (const auto* expression = std::get_if<Expression>(&function_))
      return expression->along_x(x, y, z, t, values);
    const auto& f = std::get<Callable>(function_);
    for (std::size_t i = 0; i < x.size(); ++i) values[i] = f({x[i], y, z}, t);
  }

private:
  using Callable = std::function<double(const Real3&, double)>;
  std::variant<Expression, Callable> function_;
};

} // namespace linnet::core
