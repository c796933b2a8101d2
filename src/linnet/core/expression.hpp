// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Arithmetic expressions of position and time, as users write them in decks.
///
/// Grammar: numbers; the variables x, y, z and t, or another name in the place of t; the constant
/// pi; + - * / ^ and brackets (^ binds tightest and to the right, then the sign, then * and /); sin
/// cos exp log sqrt tanh abs; step(a) (0 below 0, else 1); min(a,b), max(a,b).
#pragma once

#include <linnet/core/jet.hpp>
#include <linnet/core/types.hpp>

#include <span>
#include <string>
#include <vector>

namespace linnet::core {

class Expression {
public:
  /// The constant 0.
  Expression() : Expression(0.0) {}
  explicit Expression(double constant);
  /// Throws core::Error (usage) with the position of the fault; the caller names the option.
  /// @p fourth is the name of the fourth variable, in the place of t in what follows: "u" for
  /// functions of the solution.
  static Expression parse(const std::string& text, const std::string& fourth = "t");

  /// Value at the point @p p and the time @p t.
  [[nodiscard]] double operator()(const Real3& p, double t = 0.0) const;
  /// Value and derivatives.
  [[nodiscard]] Jet jet(const Real3& p, double t = 0.0) const;
  /// Values at the points (x[i], y, z), to the last bit those of operator() unless they are NaN.
  /// Faster, since what does not depend on x is computed once for up to row_length points. @p
  /// values has as many entries as @p x.
  void along_x(std::span<const double> x, double y, double z, double t,
               std::span<double> values) const;
  static constexpr int row_length = 64;
  /// True if neither position nor time appears.
  [[nodiscard]] bool is_constant() const;
  /// True if time appears.
  [[nodiscard]] bool depends_on_time() const;
  /// True if the coordinate @p d (0: x) appears.
  [[nodiscard]] bool depends_on(int d) const;
  [[nodiscard]] const std::string& text() const { return text_; }

private:
  friend class ExpressionParser;
  enum class Op : unsigned char {
    constant,
    x,
    y,
    z,
    t,
    negate,
    add,
    subtract,
    multiply,
    divide,
    power,
    sin,
    cos,
    exp,
    log,
    sqrt,
    tanh,
    abs,
    step,
    min,
    max
  };
  struct Instruction {
    Op op;
    double number;
  };
  /// Calls unary(f) or binary(f) with the operation that @p op, not an operand, stands for.
  template <class Unary, class Binary>
  static void with_operation(Op op, const Unary& unary, const Binary& binary);
  template <class T>
  T evaluate(const T (&variables)[4]) const;
  void evaluate_row(const double* x, int count, const double (&variables)[4], double* values) const;

  std::vector<Instruction> program_; ///< postfix
  int depth_ = 1;                    ///< stack height the program needs
  std::string text_;
};

} // namespace linnet::core
