// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// From options to the equation, and its discretisation.
#pragma once

#include <linnet/core/app_runtime.hpp>
#include <linnet/core/owned.hpp>
#include <linnet/fractional/mat_riesz.hpp>
#include <linnet/problems/expression.hpp>

#include <array>
#include <functional>
#include <optional>
#include <vector>

namespace app {

using linnet::core::AppContext;
using linnet::core::Owned;
using linnet::core::Real3;

/// A function of position and time.
using Function = std::function<double(const Real3&, double)>;

/// What the options say.
struct Problem {
  linnet::fractional::RieszOptions operators;
  std::optional<linnet::problems::Expression> factor;  ///< D
  std::optional<linnet::problems::Expression> source;  ///< s; none: of the known solution
  std::optional<linnet::problems::Expression> initial; ///< u at the time 0
  Function exact;                                      ///< empty where it is not known
  int power = 4;                                       ///< q of the known solution
  bool in_time = false;

  [[nodiscard]] std::size_t dim() const { return static_cast<std::size_t>(operators.dim); }
  [[nodiscard]] bool manufactured() const { return !source; }
};

/// Throws core::Error for wrong input. Not collective.
Problem make_problem(const AppContext& context);

/// The equation on its splines. Collective.
class Discretisation {
public:
  /// Makes the matrix.
  Discretisation(const AppContext& context, Problem problem);

  [[nodiscard]] const Problem& problem() const { return problem_; }
  [[nodiscard]] Mat matrix() const { return matrix_.get(); }
  [[nodiscard]] PetscInt unknowns() const;
  /// Collocation points along a direction.
  [[nodiscard]] const std::vector<double>& points(std::size_t d) const { return points_[d]; }
  [[nodiscard]] Owned<Vec> make_vector() const;

  /// s at the collocation points. Throws where it is not finite.
  void fill_source(double time, Vec values) const;
  /// True where the source does not go to zero at the ends, which costs the order.
  [[nodiscard]] bool source_at_ends(double time) const;
  /// A function at the collocation points; @p what names it in the error where it is not finite.
  void fill(const Function& f, double time, const char* what, Vec values) const;

  /// Largest and root mean square difference between the function with these coefficients and the
  /// known one, on a fine grid of its own.
  struct Errors {
    double largest = 0.0, mean_square = 0.0;
  };
  [[nodiscard]] Errors errors(Vec coefficients, double time) const;
  /// The integral of the function over the box.
  [[nodiscard]] double integral(Vec coefficients) const;

private:
  template <class Value>
  void fill_values(const Value& value, const char* what, Vec values) const;
  [[nodiscard]] double manufactured_source(const std::array<std::size_t, 3>& i, double time) const;
  void tabulate();

  const AppContext& context_;
  Problem problem_;
  Owned<Mat> matrix_;
  std::array<std::vector<double>, 3> points_;
  std::array<std::vector<double>, 3> bump_, image_; ///< of the known solution, at the points
};

} // namespace app
